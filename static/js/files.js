/*
 * Files: send them in pieces, so that a cut connection costs one piece; and put them in the text while writing, by
 * button, by dragging or by pasting. Without this file the form on the list of files does the same in one go.
 */
(() => {
  "use strict";
  const WAIT = [1000, 2000, 4000, 8000, 15000];
  const LARGEST_SUM = 200e6;

  class Refused extends Error {}

  const sumOf = async (file) => {
    if (!window.isSecureContext || file.size > LARGEST_SUM) return "";
    const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // Waits a while, or until the browser says that it is connected again.
  const pause = (time, signal) => new Promise((go, stop) => {
    const timer = window.setTimeout(go, time);
    window.addEventListener("online", go, { once: true });
    signal.addEventListener("abort", () => { window.clearTimeout(timer); stop(signal.reason); }, { once: true });
  });

  const post = (box, address, body, signal, type) => fetch(address, {
    method: "POST",
    body,
    signal,
    credentials: "same-origin",
    headers: {
      "X-CSRFToken": box.closest("form").elements.namedItem("csrf_token").value,
      "X-Requested-With": "fetch",
      ...(type ? { "Content-Type": type } : {}),
    },
  });

  const screen = (box) => {
    const line = box.querySelector("[data-upload-status]");
    const bar = box.querySelector(".upload-bar");
    return {
      line,
      say: (name, percent = 0) => { line.textContent = (line.dataset[name] || "").replace("{percent}", percent); },
      tell: (text) => { line.textContent = text; },
      show: (percent) => { bar.hidden = percent === null; bar.value = percent ?? 0; },
    };
  };

  // Asks until there is an answer; a server that is away for a moment is waited for.
  const persist = async (ask, shown, signal) => {
    for (let turn = 0; ; turn += 1) {
      let answer = null;
      try {
        answer = await ask();
      } catch (failed) {
        if (signal.aborted) throw failed;
      }
      if (answer && answer.status < 500) return answer;
      shown.say("offline");
      await pause(WAIT[Math.min(turn, WAIT.length - 1)], signal);
    }
  };

  const read = async (answer, shown) => {
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    if (isJson) return answer.json();
    throw new Refused(answer.redirected || answer.status === 401 || answer.status === 403
      ? shown.line.dataset.signedOut : shown.line.dataset.refused);
  };

  // Sends a file and returns the name under which the server knows it.
  const send = async (box, file, signal) => {
    const shown = screen(box);
    shown.say("checking");
    const body = new FormData();
    body.set("subject", box.dataset.subject);
    body.set("name", file.name);
    body.set("size", file.size);
    body.set("digest", await sumOf(file));
    const begun = await persist(() => post(box, box.dataset.uploadUrl, body, signal), shown, signal);
    const state = await read(begun, shown);
    if (!begun.ok) throw new Refused(state.message);
    let received = state.received;
    let stuck = 0;
    const percent = () => Math.floor((100 * received) / Math.max(1, file.size));
    if (received) shown.say("resumed", percent());
    while (received < file.size && stuck < 3) {
      shown.show(percent());
      const at = received;
      const piece = file.slice(at, at + state.piece);
      const address = `${box.dataset.uploadUrl}/${state.upload}?vanaf=${at}`;
      const sent = await persist(() => post(box, address, piece, signal, "application/octet-stream"), shown, signal);
      const answer = await read(sent, shown);
      if (!sent.ok && sent.status !== 409) throw new Refused(answer.message);
      received = answer.received;
      stuck = received > at ? 0 : stuck + 1;
      shown.say("sending", percent());
    }
    if (received !== file.size) throw new Refused(shown.line.dataset.refused);
    shown.show(null);
    shown.say("arrived");
    return state.upload;
  };

  // A form with a file: what is chosen is sent at once; the form goes after it with the name of what arrived.
  const form = (box) => {
    const field = box.querySelector("input[type=file]");
    const shown = screen(box);
    let stop = null;
    let sending = null;
    field.addEventListener("change", () => {
      stop?.abort();
      sending = null;
      shown.tell("");
      shown.show(null);
      const file = field.files[0];
      if (!file) return;
      stop = new AbortController();
      sending = send(box, file, stop.signal);
      sending.catch((failed) => {
        if (!(failed instanceof Refused)) return;
        shown.show(null);
        shown.tell(failed.message);
      });
    });
    box.addEventListener("submit", async (event) => {
      if (!sending || !field.files.length) return;
      event.preventDefault();
      const { submitter } = event;
      const upload = await sending.catch(() => "");
      if (!upload) {
        field.focus();
        return;
      }
      let known = box.elements.namedItem("upload");
      if (!known) {
        known = document.createElement("input");
        known.type = "hidden";
        known.name = "upload";
        box.append(known);
      }
      known.value = upload;
      field.value = "";
      sending = null;
      // A form that is being sent cannot be sent again: after this event, not inside it.
      window.setTimeout(() => box.requestSubmit(submitter), 0);
    });
  };

  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB`
    : `${(bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`);

  const put = (area, text, at) => {
    area.focus();
    area.setSelectionRange(at, at);
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, at, at, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  // In the editor: a button in the toolbar, and a small form that asks what is to be seen.
  const editor = (box) => {
    const area = document.getElementById(box.dataset.for);
    const bar = document.querySelector(`[role=toolbar][aria-controls="${box.dataset.for}"]`);
    const [tool, choose, place, alt, decorative, error, insert] = ["format-file", "choose", "place", "alt",
      "decorative", "alt-error", "insert"].map((name) => box.querySelector(`[data-${name}]`));
    const shown = screen(box);
    const queue = [];
    let now = null;

    const next = () => {
      now = queue.shift() || null;
      place.hidden = !now;
      if (!now) return;
      const { file, stop } = now;
      const isPicture = file.type.startsWith("image/");
      box.querySelector("[data-name]").textContent = file.name;
      box.querySelector("[data-size]").textContent = size(file.size);
      place.querySelectorAll("[data-of-picture]").forEach((part) => { part.hidden = !isPicture; });
      alt.value = "";
      decorative.checked = false;
      lacking("");
      now.sending = send(box, file, stop.signal);
      now.sending.catch((failed) => {
        if (!(failed instanceof Refused)) return;
        shown.show(null);
        shown.tell(failed.message);
      });
      (isPicture ? alt : insert).focus();
    };
    const take = (files, at) => {
      for (const file of files) queue.push({ file, at, stop: new AbortController() });
      if (!now) next();
    };
    const written = (answer, at) => {
      const isPicture = answer.markdown.startsWith("!");
      const gap = isPicture ? "\n\n" : " ";
      const apart = (sign) => !sign || (isPicture ? sign === "\n" : /[\s(]/.test(sign));
      const before = apart(area.value[at - 1]) ? "" : gap;
      const after = apart(area.value[at]) || (!isPicture && /[.,;:!?)]/.test(area.value[at])) ? "" : gap;
      put(area, before + answer.markdown + after, at);
      queue.forEach((waiting) => { if (waiting.at >= at) waiting.at = area.selectionStart; });
      box.querySelector("[data-added]").textContent = answer.message;
    };
    const lacking = (sentence) => {
      error.textContent = sentence;
      error.hidden = !sentence;
      alt.setAttribute("aria-invalid", Boolean(sentence));
      if (sentence) alt.focus();
      return Boolean(sentence);
    };
    const add = async () => {
      const doing = now;
      const isPicture = doing.file.type.startsWith("image/");
      if (lacking(isPicture && !alt.value.trim() && !decorative.checked ? error.dataset.missing : "")) return;
      insert.setAttribute("aria-disabled", "true");
      try {
        const body = new FormData();
        body.set("upload", await doing.sending);
        body.set("alt", alt.value);
        if (decorative.checked) body.set("decorative", "1");
        const sent = await post(box, box.dataset.addUrl, body, doing.stop.signal);
        const answer = await read(sent, shown);
        if (sent.ok) {
          written(answer, doing.at);
          next();
        } else if (answer.errors.alt) {
          place.querySelectorAll("[data-of-picture]").forEach((part) => { part.hidden = false; });
          lacking(answer.errors.alt);
        } else {
          shown.tell(Object.values(answer.errors).join(" "));
        }
      } catch (failed) {
        if (failed instanceof Refused) shown.tell(failed.message);
        else if (!doing.stop.signal.aborted) shown.say("refused");
      }
      insert.removeAttribute("aria-disabled");
    };

    tool.hidden = false;
    bar.append(tool);
    box.querySelector("[data-files-hint]").hidden = false;
    tool.addEventListener("click", () => choose.click());
    choose.addEventListener("change", () => {
      take([...choose.files], area.selectionEnd);
      choose.value = "";
    });
    insert.addEventListener("click", () => { if (!insert.hasAttribute("aria-disabled")) add(); });
    alt.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      add();
    });
    box.querySelector("[data-cancel]").addEventListener("click", () => {
      now.stop.abort();
      area.focus();
      shown.tell("");
      shown.show(null);
      next();
    });
    area.addEventListener("dragover", (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
    area.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      take([...event.dataTransfer.files], area.selectionEnd);
    });
    area.addEventListener("paste", (event) => {
      // Word puts a picture of the words beside the words: then the words are meant.
      if (!event.clipboardData.files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      take([...event.clipboardData.files], area.selectionEnd);
    });
  };

  document.querySelectorAll("form[data-upload]").forEach(form);
  document.querySelectorAll("[data-files]").forEach(editor);
})();

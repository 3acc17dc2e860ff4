/*
 * Drafts: what someone types is kept on the server, and in this browser when the server cannot be reached.
 * The form names the address in data-draft-url; its hidden fields say which draft this window writes (see drafts.py).
 * What was kept in the browser is sent when there is a connection again, also by a page that is opened later.
 */
(() => {
  "use strict";
  const WAIT = 800;
  const WAIT_LONG = 5000;
  const RETRY = 10000;
  const LOOK = 30000;
  const LARGE = 200000;
  const MOST_ON_LEAVING = 60000;
  const MONTH = 30 * 24 * 3600 * 1000;
  const STORE = "concept:";

  const post = (url, body, more = {}) => fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-CSRFToken": body.get("csrf_token") || "", "X-Requested-With": "fetch" },
    ...more,
  });
  const size = (body) => new URLSearchParams([...body]).toString().length;

  const start = (form) => {
    const line = form.querySelector("[data-draft-line]");
    const told = form.querySelector("[data-draft-told]");
    const field = (name) => form.elements.namedItem(name);
    let timer = 0;
    let asked = null;
    let again = false;
    let turn = 0;
    let kept = served(form);
    form.autocomplete = "off"; // after a step back the browser would fill in what was said or saved there: no typing
    const begin = () => {
      turn = 0;
      field("venster").value = crypto.getRandomValues(new Uint32Array(3)).join("-");
    };
    begin();
    for (const button of form.querySelectorAll("[data-without-script]")) button.hidden = true;

    // Shown to everyone; read aloud only when it matters: the first time, and when something is wrong.
    const say = (text, aloud) => {
      line.firstElementChild.textContent = text;
      if (aloud && told.textContent !== text) told.textContent = text;
    };
    const next = () => {
      turn += 1;
      field("beurt").value = turn;
    };
    const later = (wait) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, wait);
    };
    const store = () => STORE + form.dataset.person + ":" + field("concept").value;
    const keepHere = () => {
      const body = new FormData(form);
      body.delete("csrf_token");
      const entry = { url: form.dataset.draftUrl, at: Date.now(), fields: [...body].filter(([name]) => name !== "pane") };
      try {
        localStorage.setItem(store(), JSON.stringify(entry));
        return true;
      } catch (full) {
        return false;
      }
    };
    const notSent = (reason) => {
      say(keepHere() ? line.dataset[reason] : line.dataset.hereOnly, true);
    };

    const answered = async (response, sent) => {
      const isJson = (response.headers.get("Content-Type") || "").includes("json");
      const answer = isJson ? await response.json() : {};
      if (response.ok && isJson) {
        kept = sent;
        localStorage.removeItem(store());
        field("concept").value = answer.key || field("concept").value;
        field("concept_nr").value = answer.number;
        form.dataset.kept = contents(form) === kept ? "yes" : "no";
        const link = line.querySelector("a");
        link.hidden = !answer.path;
        if (answer.path) link.href = answer.path;
        say(answer.message, answer.second || !told.textContent || "failed" in form.dataset);
        delete form.dataset.failed;
        return;
      }
      form.dataset.failed = "";
      if (isJson && (response.status === 401 || response.status === 403)) notSent("signedOut");
      else if (response.status === 422 && answer.message) say(answer.message, true);
      else {
        notSent("refused");
        if (response.status >= 500) later(RETRY);
      }
      if (response.status === 422) keepHere();
    };

    async function save() {
      window.clearTimeout(timer);
      timer = 0;
      if ("sent" in form.dataset || contents(form) === kept) return;
      if (asked) {
        again = true;
        return;
      }
      asked = new AbortController();
      const sent = contents(form);
      if (!("failed" in form.dataset)) say(line.dataset.saving, false);
      next();
      try {
        await answered(await post(form.dataset.draftUrl, new FormData(form), { signal: asked.signal }), sent);
      } catch (failed) {
        if (failed.name !== "AbortError") {
          form.dataset.failed = "";
          notSent("offline");
          later(RETRY);
        }
      }
      asked = null;
      if (again) {
        again = false;
        later(WAIT);
      }
    }

    form.addEventListener("input", (event) => {
      if (event.target.name === "pane") return;
      form.dataset.kept = "no";
      if (navigator.onLine === false || "failed" in form.dataset) keepHere();
      later(form.elements.text.value.length > LARGE ? WAIT_LONG : WAIT);
    });
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      window.clearTimeout(timer);
      asked?.abort();
      // Until the answer is there the browser holds the text too: sending may fail half-way. With its turn the save
      // overtakes it, so that it does not come back as a draft.
      next();
      keepHere();
    });
    window.addEventListener("online", save);
    document.addEventListener("visibilitychange", () => { if (document.hidden && timer) save(); });
    window.addEventListener("pagehide", () => {
      if ("sent" in form.dataset || contents(form) === kept) return;
      window.clearTimeout(timer);
      asked?.abort();
      next();
      const body = new FormData(form);
      keepHere();
      if (size(body) < MOST_ON_LEAVING) post(form.dataset.draftUrl, body, { keepalive: true }).catch(() => {});
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) begin(); });
    if (contents(form) !== kept) later(WAIT);
    sendLeft(form, line);
    if (form.dataset.presentUrl) look(form);
  };

  const contents = (form) =>
    JSON.stringify([...new FormData(form)].filter(([name]) =>
      !["pane", "csrf_token", "concept", "concept_nr", "venster", "beurt"].includes(name)));

  // As the server sent it: on a slow line somebody types before this script is there.
  const served = (form) => {
    const copy = form.cloneNode(true);
    copy.reset();
    return contents(copy);
  };

  // What an earlier window of this person could not send goes to the server now, as a draft of its own.
  const sendLeft = async (form, line) => {
    const mine = STORE + form.dataset.person + ":";
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(mine));
    for (const key of keys) {
      const entry = JSON.parse(localStorage.getItem(key));
      const body = new FormData();
      body.set("csrf_token", form.elements.csrf_token.value);
      for (const [name, value] of entry.fields) body.set(name, value);
      const response = await post(entry.url, body).catch(() => null);
      if (!response || (!response.ok && Date.now() - entry.at < MONTH)) continue;
      localStorage.removeItem(key);
      const answer = response.ok ? await response.json() : {};
      if (!answer.path || answer.known || answer.key === form.elements.concept.value || document.querySelector(`a[href="${answer.path}"]`)) continue;
      line.firstElementChild.textContent = line.dataset.found;
      const link = line.querySelector("a");
      link.href = answer.path;
      link.hidden = false;
    }
  };

  // Who else writes this page, and whether it was saved meanwhile; only while someone looks.
  const look = (form) => {
    const writers = form.querySelector("[data-writers]");
    const newer = form.querySelector("[data-newer]");
    let count = 0;
    const show = (place, text) => {
      const words = place.querySelector("[data-words]");
      if (words.textContent !== text) words.textContent = text;
      place.hidden = !text;
    };
    const ask = async () => {
      if (document.hidden || "sent" in form.dataset) return;
      const url = `${form.dataset.presentUrl}?base=${form.elements.base.value}`;
      const response = await fetch(url, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
      if (!response?.ok || response.redirected) return;
      const answer = await response.json();
      show(writers, answer.writers);
      if (answer.newer === count) return;
      count = answer.newer;
      newer.querySelector("a").href = answer.compare || "#text";
      show(newer, answer.told);
    };
    window.setInterval(ask, LOOK);
    document.addEventListener("visibilitychange", ask);
    window.addEventListener("focus", ask);
  };

  document.querySelectorAll("form[data-draft-url]").forEach(start);
  // A form that another script puts in the page later says so.
  document.addEventListener("form-added", (event) => event.target.querySelectorAll("form[data-draft-url]").forEach(start));
})();

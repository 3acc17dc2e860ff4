/*
 * Autosave: keep a concept on the server while someone types, and say honestly whether that worked.
 * The form names the address in data-autosave-url; the status line ([data-saved]) carries the sentences.
 * When the server cannot be reached the text is also kept in this tab, so that a reload or a crash loses nothing.
 */
(() => {
  "use strict";
  const WAIT = 800;
  const RETRY = 10000;
  // With the text goes the version it was based on, so that a restored text is merged and overwrites nothing.
  const TYPED = "textarea, select, input[type=text], input[type=date], input[type=number], [name=base], [name=version]";

  const start = (form) => {
    const line = form.querySelector("[data-saved]") || document.querySelector("[data-saved]");
    const key = "concept:" + form.dataset.autosaveUrl;
    let timer = 0;
    let busy = false;
    let again = false;

    const say = (text) => {
      if (line && line.textContent !== text) line.textContent = text;
    };
    const texts = () =>
      Object.fromEntries([...form.elements].filter((field) => field.name && field.matches(TYPED))
        .map((field) => [field.name, field.value]));
    const later = (wait) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, wait);
    };
    const keepHere = () => {
      try {
        sessionStorage.setItem(key, JSON.stringify(texts()));
      } catch (full) { /* a full or closed store: the text still stands on the screen */ }
    };

    const answered = async (response) => {
      if (response.ok && !response.redirected) {
        if (!timer && !again) form.dataset.kept = "yes";
        sessionStorage.removeItem(key);
        const isJson = (response.headers.get("Content-Type") || "").includes("json");
        const answer = isJson ? await response.json() : {};
        say(answer.message || line?.dataset.kept || "");
        return;
      }
      keepHere();
      say((response.redirected || response.status === 401 || response.status === 403
        ? line?.dataset.signedOut : line?.dataset.refused) || "");
    };

    async function save() {
      window.clearTimeout(timer);
      timer = 0;
      if ("sent" in form.dataset) return;
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      say(line?.dataset.saving || "");
      const body = new FormData(form);
      try {
        await answered(await fetch(form.dataset.autosaveUrl, {
          method: "POST",
          body,
          credentials: "same-origin",
          headers: { "X-CSRFToken": body.get("csrf_token") || "", "X-Requested-With": "fetch" },
        }));
      } catch (offline) {
        keepHere();
        say(line?.dataset.offline || "");
        later(RETRY);
      }
      busy = false;
      if (again) {
        again = false;
        later(WAIT);
      }
    }

    form.addEventListener("input", (event) => {
      if (event.target.name === "pane") return;
      form.dataset.kept = "no";
      later(WAIT);
    });
    window.addEventListener("online", () => { if (form.dataset.kept === "no") save(); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && timer) save(); });
    form.addEventListener("submit", () => {
      window.clearTimeout(timer);
      timer = 0;
      sessionStorage.removeItem(key);
    });

    form.autocomplete = "off"; // what is kept comes from the server, not from what the browser fills in again
    const left = sessionStorage.getItem(key);
    if (left) restore(form, JSON.parse(left), later);
  };

  // Text of this tab that never reached the server goes back into fields that do not hold it already.
  const restore = (form, texts, later) => {
    let changed = false;
    for (const [name, text] of Object.entries(texts)) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field && field.value !== text) {
        field.value = text;
        changed = true;
      }
    }
    if (changed) later(0);
  };

  document.querySelectorAll("form[data-autosave-url]").forEach(start);
})();

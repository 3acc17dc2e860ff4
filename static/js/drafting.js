/*
 * Drafting a deviation: the card and who must agree follow what is typed, and the paragraphs of an article come without
 * leaving the page. Without this file a button does the same.
 */
(() => {
  "use strict";
  const WAIT = 600;
  const form = document.querySelector("form[data-live-url]");
  if (!form) return;

  const page = async (response) =>
    (response.ok && !response.redirected ? new DOMParser().parseFromString(await response.text(), "text/html") : null);

  let timer = 0;
  let asked = null;
  const live = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    try {
      const answer = await page(await fetch(form.dataset.liveUrl, {
        method: "POST",
        body,
        signal: asked.signal,
        credentials: "same-origin",
        headers: { "X-CSRFToken": body.get("csrf_token") || "", "X-Requested-With": "fetch" },
      }));
      for (const fresh of answer?.querySelectorAll("[data-part]") || []) {
        const shown = document.querySelector(`main [data-part="${fresh.dataset.part}"]`);
        if (shown && !shown.contains(document.activeElement)) shown.replaceChildren(...fresh.childNodes);
      }
    } catch (failed) { /* the card stays as it was; saving tells when there is no connection */ }
  };
  form.addEventListener("input", (event) => {
    if (event.target.name === "artikel" || event.target.name === "lid") return;
    window.clearTimeout(timer);
    timer = window.setTimeout(live, WAIT);
  });

  const picker = form.querySelector("[data-picker]");
  const field = picker.querySelector("[name=artikel]");
  const shown = picker.querySelector("[data-paragraphs]");
  let last = field.defaultValue.trim();
  const show = async (words) => {
    if (words === last) return;
    last = words;
    try {
      const answer = await page(await fetch(`${picker.dataset.picker}?artikel=${encodeURIComponent(words)}`, {
        credentials: "same-origin",
        headers: { "X-Requested-With": "fetch" },
      }));
      if (answer && words === last) shown.replaceChildren(...answer.body.childNodes);
    } catch (offline) { /* the button still asks the server */ }
  };
  let typing = 0;
  field.addEventListener("input", () => {
    window.clearTimeout(typing);
    typing = window.setTimeout(() => show(field.value.trim()), WAIT);
  });
  // Enter in this field shows the paragraphs and sends nothing.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    show(field.value.trim());
  });
  // A match that was found takes the place of what was typed.
  shown.addEventListener("click", (event) => {
    const match = event.target.closest("button[value^=show-]");
    if (!match) return;
    event.preventDefault();
    field.value = match.value.slice("show-".length);
    show(field.value);
  });
})();

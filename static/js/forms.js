/*
 * Forms: send once, warn before changes are left behind, bring the reader to what is wrong, and let every script know
 * what was typed before it was there. Works without, too.
 */
(() => {
  "use strict";

  // A second click while the first is under way must not post twice. `disabled` would drop the button's own value.
  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    // When the answer stays out, the reader may try again.
    window.setTimeout(() => release(form), 15000);
  });

  // Coming back with the back button shows the page as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  // On a slow line somebody types before the scripts are there. After a step back or a reload the browser may have filled
  // a field in itself: that is no typing.
  const isServed = (field) => {
    if (field.options) return field.selectedIndex === Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
    if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
    return field.value === (field.defaultValue ?? field.value);
  };
  const isFresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  const typedEarly = (form) => (isFresh ? [...form.elements].filter((field) => !isServed(field)) : []);
  // When all scripts are there, they hear of it as of any typing.
  document.addEventListener("DOMContentLoaded", () => {
    const early = [...document.forms].flatMap(typedEarly);
    for (const field of early) field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Warn only when something changed that was neither sent nor kept. What the script itself keeps is no change.
  const OWN = new Set(["pane", "concept", "concept_nr", "venster", "beurt"]);
  const written = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => !OWN.has(name)));
  for (const form of document.querySelectorAll("form[data-editor]")) {
    const before = typedEarly(form).some((field) => !OWN.has(field.name)) ? null : written(form);
    window.addEventListener("beforeunload", (event) => {
      if ("sent" in form.dataset || form.dataset.kept === "yes" || written(form) === before) return;
      event.preventDefault();
    });
  }

  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();

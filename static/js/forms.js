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

  // Warn only when something changed that was neither sent nor kept. What the script itself keeps is no change.
  const OWN = new Set(["pane", "concept", "concept_nr", "venster", "beurt"]);
  // The form as the server sent it.
  const served = (form) => {
    const copy = form.cloneNode(true);
    copy.reset();
    return copy;
  };
  const written = (form) => JSON.stringify([...new FormData(form)].filter(([name]) => !OWN.has(name)));
  for (const form of document.querySelectorAll("form[data-editor]")) {
    const before = written(served(form));
    window.addEventListener("beforeunload", (event) => {
      if ("sent" in form.dataset || form.dataset.kept === "yes" || written(form) === before) return;
      event.preventDefault();
    });
  }

  // On a slow line somebody types before the scripts are there. When all of them are, they hear of it as of any typing.
  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.forms) {
      const before = [...served(form).elements];
      [...form.elements].forEach((field, n) => {
        if (field.value === before[n].value && field.checked === before[n].checked) return;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  });

  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
})();

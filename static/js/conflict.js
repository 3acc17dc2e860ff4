/* Conflict: a choice puts its text in the box, and a button copies the whole text. Everything works without this. */
(() => {
  "use strict";

  const follow = (passage) => {
    const box = passage.querySelector("textarea");
    const choices = [...passage.querySelectorAll("input[type=radio]")];
    const own = choices.find((choice) => choice.value === "zelf");
    if (!box || !own) return;
    let typed = own.checked ? box.value : null;
    passage.addEventListener("change", (event) => {
      const choice = event.target;
      if (choice.type !== "radio") return;
      if (choice === own && typed !== null) box.value = typed;
      if (choice.dataset.text !== undefined) box.value = choice.dataset.text;
      if (choice === own) box.focus();
    });
    box.addEventListener("input", () => {
      typed = box.value;
      own.checked = true;
    });
  };

  const copier = (row) => {
    const source = document.getElementById(row.dataset.copyFrom);
    const told = row.querySelector("[role=status]");
    if (!source) return;
    row.hidden = false;
    row.querySelector("button").addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.value);
        told.textContent = told.dataset.done;
      } catch {
        const group = source.closest("details");
        if (group) group.open = true;
        source.focus();
        source.select();
        // Without leave to use the clipboard the older way may still do it.
        told.textContent = document.execCommand("copy") ? told.dataset.done : told.dataset.failed;
      }
    });
  };

  document.querySelectorAll("[data-passage]").forEach(follow);
  document.querySelectorAll("[data-copy-from]").forEach(copier);
})();

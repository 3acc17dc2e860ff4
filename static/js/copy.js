/* Copy: a link that is meant to be copied gets a button that does so. Without this file the link itself is there. */
(() => {
  "use strict";

  const copy = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done ? undefined : Promise.reject(new Error("not copied"));
  };

  for (const link of document.querySelectorAll("a[data-copy]")) {
    const button = document.createElement("button");
    const told = document.createElement("span");
    button.type = "button";
    button.className = "link";
    button.textContent = link.dataset.copy;
    told.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await copy(link.dataset.copyText ? `${link.dataset.copyText} (${link.href})` : link.href);
        told.textContent = " " + link.dataset.copied;
      } catch {
        told.textContent = " " + link.dataset.notCopied;
      }
    });
    link.after(" ", button, told);
  }
})();

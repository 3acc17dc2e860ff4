/*
 * Keys that work on every page. Which ones is the reader's choice (the cookie "keys", set on /mijn/toetsen): none,
 * only "/" for searching, or letters too. A key never works while someone types or holds Ctrl, Alt or Command.
 */
(() => {
  "use strict";
  const TYPING = "input, textarea, select, [contenteditable]";
  const choice = /(?:^|; )keys=(off|letters)/.exec(document.cookie)?.[1] || "search";
  const ON_PAGE = { b: "/bewerken", g: "/gesprek", h: "/geschiedenis" };
  const ELSEWHERE = { w: "/wijzigingen", m: "/mijn", c: "/mijn/concepten", "?": "/mijn/toetsen" };
  if (choice === "off") return;

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.(TYPING)) return;
    if (event.key === "/") {
      const field = document.getElementById("q");
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    } else if (choice === "letters" && Object.hasOwn(ON_PAGE, event.key)) {
      document.querySelector(`.tabs a[href$="${ON_PAGE[event.key]}"]`)?.click();
    } else if (choice === "letters" && Object.hasOwn(ELSEWHERE, event.key)) {
      location.assign(ELSEWHERE[event.key]);
    }
  });
})();

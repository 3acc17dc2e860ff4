/*
 * Passages: ask something about the words that are selected in a page (say something, or when did they come and go),
 * and see which words a conversation is about. Without this file the paragraphs can be chosen from a list, the history
 * has a form for a sentence, and the words are underlined all the same.
 */
(() => {
  "use strict";
  const UNREAD = ".vh, .anchor, .edit-link, .passages, .passage-form, sup, button";
  const BLOCKS = "p, h2, h3, h4, h5, h6, li, td, th, dt, dd, pre, blockquote, tr";
  const AROUND = 120;
  const WAIT = 250;

  const highlight = (mark, on) => {
    for (const words of document.querySelectorAll(`.spoken[data-passages~="${mark.dataset.passage}"]`)) {
      words.classList.toggle("is-on", on);
    }
  };
  for (const mark of document.querySelectorAll("a[data-passage]")) {
    for (const event of ["mouseenter", "focus"]) mark.addEventListener(event, () => highlight(mark, true));
    for (const event of ["mouseleave", "blur"]) mark.addEventListener(event, () => highlight(mark, false));
  }

  const place = document.querySelector("[data-phrase]");
  const prose = place?.querySelector(".prose");
  if (!prose) return;

  /* The words of a range as they are read, with a blank between blocks. */
  const wordsOf = (range) => {
    const copy = document.createElement("div");
    copy.append(range.cloneContents());
    for (const unread of copy.querySelectorAll(UNREAD)) unread.remove();
    for (const block of copy.querySelectorAll(BLOCKS)) block.after("\n");
    return copy.textContent.replace(/[^\S\n]+/g, " ").replace(/\s*\n\s*/g, "\n").trim();
  };

  const between = (from, to) => {
    const range = document.createRange();
    range.selectNodeContents(prose);
    if (from) range.setStart(from.endContainer, from.endOffset);
    if (to) range.setEnd(to.startContainer, to.startOffset);
    return wordsOf(range);
  };

  const selected = () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const inside = (node) => prose.contains(node) && !(node.parentElement || node).closest?.(".passage-form");
    if (!inside(range.startContainer)) return null;
    if (!inside(range.endContainer)) {
      const end = range.cloneRange();
      end.setEnd(prose, prose.childNodes.length); // a triple click reaches into what follows
      if (!selection.containsNode(prose.lastElementChild, true)) return null;
      return wordsOf(end) ? end : null;
    }
    return wordsOf(range) ? range : null;
  };

  const offer = document.createElement("p");
  offer.className = "row passage-offer";
  const speak = document.createElement("button");
  speak.type = "button";
  speak.className = "btn btn-main";
  speak.textContent = place.dataset.offer;
  if (place.dataset.offer) offer.append(speak, " ");
  const when = document.createElement("a");
  when.className = "btn";
  when.textContent = place.dataset.asks;
  offer.append(when);
  const told = document.createElement("p");
  told.className = "small passage-told";
  told.setAttribute("role", "status");
  place.append(told);
  let range = null;

  const topBlock = (node) => {
    let block = node === prose ? prose.lastElementChild : node;
    while (block.parentNode !== prose) block = block.parentNode;
    return block.nodeType === Node.ELEMENT_NODE ? block : block.previousElementSibling || prose.lastElementChild;
  };

  const show = () => {
    if (offer.contains(document.activeElement)) return;
    range = selected();
    if (!range) {
      offer.remove();
      return;
    }
    const words = wordsOf(range);
    when.href = `${place.dataset.phrase}?zin=${encodeURIComponent(words)}`;
    when.hidden = words.length > Number(place.dataset.phraseLongest);
    if (when.hidden && !place.dataset.offer) return;
    topBlock(range.endContainer).after(offer); // right under it, and the next stop for who selected with the keyboard
  };

  let timer = 0;
  document.addEventListener("selectionchange", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(show, WAIT);
  });
  // What has the focus is the whole text, and the browser would go on from its beginning; who selected words goes on
  // from those.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey || !offer.isConnected || !range) return;
    if (!document.activeElement.contains(range.startContainer)) return;
    event.preventDefault();
    offer.querySelector("button, a").focus();
  });
  offer.addEventListener("mousedown", (event) => { if (event.target !== when) event.preventDefault(); });

  const close = () => prose.querySelector(".passage-form")?.remove();

  speak.addEventListener("click", async () => {
    if (!range) return;
    const words = wordsOf(range);
    if (words.length > Number(place.dataset.longest)) {
      told.textContent = place.dataset.tooLong;
      return;
    }
    const after = topBlock(range.endContainer);
    const before = between(null, range);
    const vooraf = before.replace(/[^\p{L}\p{N}]/gu, "").length; // tells the same words elsewhere apart
    const around = { words, voor: before.slice(-AROUND), na: between(range, null).slice(0, AROUND), vooraf };
    try {
      const answer = await fetch(`${place.dataset.passages}?deel=formulier`, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const form = document.createElement("section");
      form.className = "passage-form stack";
      form.setAttribute("aria-labelledby", "passage-kop");
      form.append(document.createRange().createContextualFragment(await answer.text()));
      form.querySelector("[data-chosen]").textContent = words;
      for (const [name, value] of Object.entries(around)) {
        const field = form.querySelector(`[name="${name}"]`);
        if (field) field.value = value;
      }
      const version = form.querySelector("[name=versie]");
      if (version) version.value = place.dataset.version;
      form.querySelector("[data-cancel]").addEventListener("click", () => {
        close();
        after.setAttribute("tabindex", "-1");
        after.focus();
      });
      close();
      offer.remove();
      told.textContent = "";
      document.getSelection().removeAllRanges();
      // The first time the form brings the script along that keeps it; after that the script only has to be told.
      const known = [...document.scripts].map((script) => script.src);
      const brought = form.querySelector("script");
      const isKnown = brought && known.includes(brought.src);
      if (isKnown) brought.remove();
      after.after(form);
      if (isKnown) form.dispatchEvent(new CustomEvent("form-added", { bubbles: true }));
      (form.querySelector("textarea") || form.querySelector("h2")).focus();
    } catch {
      told.textContent = place.dataset.failed;
    }
  });
})();

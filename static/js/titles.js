/*
 * Titles: after [[ a list of pages to link to. While the list is open the text is a combobox: arrows choose, Enter takes
 * over, Escape closes, and Tab goes on as always. Without this file [[Titel]] is typed in full.
 */
(() => {
  "use strict";
  const WAIT = 150;
  const OPEN = /\[\[([^[\]|\n]{0,100})$/;

  const start = (area) => {
    const told = area.closest(".editor").querySelector("[data-titles-told]");
    const list = document.createElement("ul");
    list.id = area.id + "-titels";
    list.className = "titles";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", area.dataset.titles);
    list.hidden = true;
    area.after(list);
    let timer = 0;
    let asked = null;
    let at = 0;

    const close = () => {
      window.clearTimeout(timer);
      asked?.abort();
      if (list.hidden) return;
      list.hidden = true;
      list.replaceChildren();
      for (const name of ["role", "aria-expanded", "aria-controls", "aria-activedescendant", "aria-autocomplete", "aria-haspopup"]) area.removeAttribute(name);
    };
    const choose = (to) => {
      const options = [...list.children];
      at = (to + options.length) % options.length;
      options.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
      area.setAttribute("aria-activedescendant", options[at].id);
      options[at].scrollIntoView({ block: "nearest" });
    };
    const typed = () => (area.selectionStart === area.selectionEnd ? OPEN.exec(area.value.slice(0, area.selectionStart)) : null);
    const take = (option) => {
      const found = typed();
      close();
      if (!found) return;
      const end = area.selectionStart;
      const closed = area.value.startsWith("]]", end);
      area.focus();
      area.setSelectionRange(end - found[1].length, closed ? end + 2 : end);
      if (!document.execCommand("insertText", false, option.dataset.target + "]]")) {
        area.setRangeText(option.dataset.target + "]]", end - found[1].length, closed ? end + 2 : end, "end");
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };
    // How far from the top the caret is: the list covers the half of the text in which nobody is typing.
    const caret = () => {
      const mirror = document.createElement("div");
      const end = document.createElement("span");
      mirror.className = "titles-mirror";
      mirror.classList.toggle("titles-mirror-scrolls", area.scrollHeight > area.clientHeight);
      mirror.append(area.value.slice(0, area.selectionStart), end);
      area.after(mirror);
      const top = end.offsetTop - area.scrollTop;
      mirror.remove();
      return top;
    };
    const show = (pages) => {
      told.textContent = pages.length > 1 ? area.dataset.titlesCount.replace("#", pages.length)
        : pages.length ? area.dataset.titlesOne : area.dataset.titlesNone;
      if (!pages.length) {
        close();
        return;
      }
      list.replaceChildren(...pages.map((page, n) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${n}`;
        option.setAttribute("role", "option");
        option.dataset.target = page.target;
        option.textContent = page.title;
        if (page.place) {
          const place = document.createElement("span");
          place.className = "muted";
          place.textContent = ` ${page.place}`;
          option.append(place);
        }
        return option;
      }));
      list.classList.toggle("titles-above", caret() > area.clientHeight / 2);
      list.hidden = false;
      for (const [name, value] of [["role", "combobox"], ["aria-expanded", "true"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"]]) area.setAttribute(name, value);
      choose(0);
    };
    const ask = async () => {
      const found = typed();
      if (!found) {
        close();
        return;
      }
      asked?.abort();
      asked = new AbortController();
      try {
        const url = `${area.dataset.titlesUrl}&q=${encodeURIComponent(found[1])}`;
        const response = await fetch(url, { signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
        if (response.ok && !response.redirected && typed()) show(await response.json());
      } catch (failed) { /* without a connection the title is typed in full */ }
    };

    area.addEventListener("input", () => {
      window.clearTimeout(timer);
      if (typed()) timer = window.setTimeout(ask, WAIT);
      else close();
    });
    area.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(at + (event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "Enter") take(list.children[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
    area.addEventListener("blur", close);
    area.addEventListener("click", () => { if (!typed()) close(); });
  };

  document.querySelectorAll("textarea[data-titles-url]").forEach(start);
})();

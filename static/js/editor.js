/*
 * Editor: a toolbar over the text, keys, lists that go on, a preview beside it, and how long a text may be.
 * Text is put in with execCommand, the only way that keeps the browser's own undo.
 */
(() => {
  "use strict";
  const WAIT = 400;
  const ITEM = /^(\s*(?:> ?)*)([-*+]|(\d+)([.)])) (\[[ xX]\] )?/;

  const put = (area, text, from = area.selectionStart, to = area.selectionEnd) => {
    area.focus();
    area.setSelectionRange(from, to);
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (!done) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const around = (area, before, after, words) => {
    const from = area.selectionStart;
    const chosen = area.value.slice(from, area.selectionEnd) || words;
    put(area, before + chosen + after);
    area.setSelectionRange(from + before.length, from + before.length + chosen.length);
  };

  const lines = (area, mark) => {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = area.value.indexOf("\n", area.selectionEnd);
    const to = end < 0 ? area.value.length : end;
    put(area, area.value.slice(from, to).split("\n").map((line) => mark + line).join("\n"), from, to);
  };

  const link = (area, words, title) => {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    if (/^https?:\/\/\S+$/.test(chosen)) {
      put(area, `[${words}](${chosen})`);
    } else {
      around(area, "[[", "]]", title);
    }
  };

  const table = (area, column) => {
    const start = area.selectionStart && area.value[area.selectionStart - 1] !== "\n" ? "\n\n" : "";
    put(area, `${start}| ${column} 1 | ${column} 2 |\n| --- | --- |\n|  |  |\n`);
  };

  const formats = (area) => {
    const [bold, italic, heading, words, title, column] = area.dataset.words.split("|");
    return {
      bold: () => around(area, "**", "**", bold),
      italic: () => around(area, "*", "*", italic),
      heading: () => (area.value ? lines(area, "## ") : around(area, "## ", "", heading)),
      link: () => link(area, words, title),
      list: () => lines(area, "- "),
      task: () => lines(area, "- [ ] "),
      quote: () => lines(area, "> "),
      table: () => table(area, column),
    };
  };

  // One tab stop for the toolbar; arrows, Home and End move inside it.
  const toolbar = (bar, area) => {
    const tools = [...bar.querySelectorAll("button")];
    const doing = formats(area);
    const goTo = (tool) => {
      tools.forEach((other) => { other.tabIndex = other === tool ? 0 : -1; });
      tool.focus();
    };
    bar.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-format]");
      if (tool) doing[tool.dataset.format]();
    });
    bar.addEventListener("keydown", (event) => {
      const at = tools.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      goTo(tools.at(to % tools.length));
    });
    tools[0].tabIndex = 0;
    bar.hidden = false;
    return doing;
  };

  // Enter in a list begins the next item; Enter in an empty item ends the list.
  const nextItem = (event, area) => {
    if (area.selectionStart !== area.selectionEnd) return;
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const line = area.value.slice(from, area.selectionStart);
    const item = ITEM.exec(line);
    if (!item) return;
    event.preventDefault();
    if (item[0] === line) {
      put(area, "", from, area.selectionStart);
      return;
    }
    const mark = item[3] ? `${Number(item[3]) + 1}${item[4]}` : item[2];
    put(area, `\n${item[1]}${mark} ${item[5] ? "[ ] " : ""}`);
  };

  const keys = (area, doing) => {
    area.addEventListener("keydown", (event) => {
      if (event.isComposing || event.defaultPrevented) return;
      if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) nextItem(event, area);
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      const format = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
      if (format) {
        event.preventDefault();
        doing[format]();
      }
    });
    // Saving works from every field of the form, not only from the text.
    area.form.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      if (event.key.toLowerCase() !== "s") return;
      event.preventDefault();
      area.form.requestSubmit(area.form.querySelector("button.btn-main:not([type=button])"));
    });
  };

  // A text that is too long is not sent: the server would refuse it, and sending takes long.
  const limit = (area) => {
    const most = Number(area.dataset.limit);
    const told = area.form.querySelector("[data-too-long]");
    const check = () => {
      const tooLong = area.value.length > most;
      if (tooLong) told.textContent = told.dataset.tooLong.replace("#", area.value.length.toLocaleString(document.documentElement.lang));
      told.hidden = !tooLong;
      area.setAttribute("aria-invalid", String(tooLong));
      return !tooLong;
    };
    area.addEventListener("input", () => { if (!told.hidden || area.value.length > most) check(); });
    area.form.addEventListener("submit", (event) => {
      if (event.submitter?.value === "concept" || check()) return;
      event.preventDefault();
      area.focus();
    });
  };

  const preview = (panes, area) => {
    const pane = panes.querySelector(".pane-view");
    const shown = panes.querySelector("[data-preview]");
    let timer = 0;
    let asked = null;
    let last = null;

    const show = async () => {
      if (!pane.offsetParent || area.value === last || area.value.length > Number(area.dataset.limit || Infinity)) return;
      asked?.abort();
      asked = new AbortController();
      const sent = area.value;
      const body = new FormData(area.form);
      body.set("text", sent);
      pane.setAttribute("aria-busy", "true");
      try {
        const response = await fetch(panes.dataset.previewUrl, {
          method: "POST",
          body,
          signal: asked.signal,
          credentials: "same-origin",
          headers: { "X-CSRFToken": body.get("csrf_token") || "", "X-Requested-With": "fetch" },
        });
        if (response.status === 200 && !response.redirected) {
          const page = new DOMParser().parseFromString(await response.text(), "text/html");
          shown.replaceChildren(...page.body.childNodes);
          last = sent;
        }
      } catch (failed) {
        if (failed.name === "AbortError") return;
      }
      pane.removeAttribute("aria-busy");
    };
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(show, WAIT);
    };
    area.addEventListener("input", later);
    panes.addEventListener("change", (event) => { if (event.target.name === "pane") show(); });
    if (!shown.textContent.trim()) show();
  };

  for (const bar of document.querySelectorAll("[role=toolbar][aria-controls]")) {
    const area = document.getElementById(bar.getAttribute("aria-controls"));
    keys(area, toolbar(bar, area));
    if (area.dataset.limit) limit(area);
    const panes = area.closest("[data-preview-url]");
    if (panes) preview(panes, area);
  }
})();

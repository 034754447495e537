// A text area that shows Python: coloured words, line numbers, a mark at the line of an error.

const TOKENS = new RegExp([
  /(?<comment>#.*)/,
  /(?<string>"[^"\n]*"?|'[^'\n]*'?)/,
  /(?<keyword>\b(?:and|assert|break|continue|def|elif|else|for|from|if|import|in|is|lambda|not|or|pass|raise|return|while|True|False|None)\b)/,
  /(?<number>\b\d[\w.]*)/,
  /(?<name>\b[A-Za-z_]\w*(?=\())/,
].map(({ source }) => source).join("|"), "g");

export class Editor {
  /** `changed(text)` is called when the visitor has stopped typing for a moment. */
  constructor(element, changed) {
    this.area = element.querySelector("textarea");
    this.shown = element.querySelector("pre");
    this.numbers = element.querySelector(".numbers");
    this.mark = element.querySelector(".mark");
    this.changed = changed;
    this.line = null;
    this.area.addEventListener("input", () => this.edited());
    this.area.addEventListener("scroll", () => { this.shown.scrollLeft = this.area.scrollLeft; });
    this.area.addEventListener("keydown", (event) => this.key(event));
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    clearTimeout(this.timer);
    this.area.value = text;
    this.point(null);
  }

  edited() {
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed(this.text), 500);
  }

  /** Enter keeps the indentation, Backspace takes back a step of it. Tab leaves the editor, as everywhere else. */
  key(event) {
    const { area } = this;
    const before = area.value.slice(0, area.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      clearTimeout(this.timer);
      this.changed(this.text);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const indent = /^ */.exec(line)[0] + (/:\s*(#.*)?$/.test(line) ? "    " : "");
      this.insert(`\n${indent}`);
    } else if (event.key === "Backspace" && area.selectionStart === area.selectionEnd && /^( {4})+$/.test(line)) {
      event.preventDefault();
      area.setSelectionRange(before.length - 4, before.length);
      this.insert("");
    }
  }

  /** Replaces the selection as typing would, so that undo knows it. */
  insert(text) {
    const { area } = this;
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (done) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    this.edited();
  }

  /** Marks a line; null takes the mark away. */
  point(line) {
    this.line = line;
    this.area.setAttribute("aria-invalid", String(line !== null));
    this.draw();
  }

  draw() {
    const { text } = this;
    const pieces = [];
    let at = 0;
    for (const match of text.matchAll(TOKENS)) {
      const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
      const span = document.createElement("span");
      span.className = kind;
      span.textContent = match[0];
      pieces.push(text.slice(at, match.index), span);
      at = match.index + match[0].length;
    }
    this.shown.replaceChildren(...pieces, `${text.slice(at)}\n`);
    const count = text.split("\n").length;
    this.numbers.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const span = document.createElement("span");
      span.textContent = `${i + 1}\n`;
      span.classList.toggle("wrong", i + 1 === this.line);
      return span;
    }));
    this.area.rows = count;
    this.mark.hidden = this.line === null || this.line > count;
    if (!this.mark.hidden) this.mark.style.top = `calc(0.8rem + ${(this.line - 1) * 1.6}em)`;
  }
}

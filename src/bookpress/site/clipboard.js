/* Answers the one call that the copy buttons make of clipboard.js, by the browser's own means. */
window.ClipboardJS = class {
  constructor(selector, options) {
    this.then = {};
    document.addEventListener("click", (event) => {
      const trigger = event.target.closest(selector);
      if (trigger) { this.copy(options.text(trigger)).then(() => this.then.success({ trigger }), () => this.then.error({ trigger })); }
    });
  }

  on(name, then) { this.then[name] = then; }

  /* A page from a server without encryption has no clipboard of its own; there the text is selected and copied. */
  async copy(text) {
    if (navigator.clipboard) { return navigator.clipboard.writeText(text).catch(() => this.select(text)); }
    return this.select(text);
  }

  select(text) {
    const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) { throw new Error("the browser did not copy"); }
  }
};

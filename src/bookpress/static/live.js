/* Live cells and calculators: the book's own Python, run in the page. Without this file the page shows what was built.
   Nothing of Python is loaded before the reader's first click; nothing a reader types can leave the machine. */
(function () {
  "use strict";
  var PROMISE = "What you type stays on this machine; this page cannot reach any network.";
  var KEYS = "Ctrl+Enter runs, Esc leaves the editor.";
  var own = document.currentScript, loading = null;

  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }

  function element(name, className, text) {
    var made = document.createElement(name);
    made.className = className;
    if (text) { made.textContent = text; }
    return made;
  }

  function note(place, text) { place.parentNode.insertBefore(element("p", "live-note", text), place); }

  /* ---- Python, loaded on first need ---- */

  function script(name, stamp) {
    return new Promise(function (done, fail) {
      var made = element("script", "");
      made.src = new URL("../live/" + name, own.src).href + "?v=" + stamp;
      made.onload = done;
      made.onerror = function () { fail(new Error("The file live/" + name + " is missing beside this page.")); };
      document.head.appendChild(made);
    });
  }

  function python() {
    loading = loading || Promise.all([
      script("python-runtime.js", own.dataset.runtime), script("book-modules.js", own.dataset.modules)
    ]).then(function () { return window.bookpressPython; });
    loading.catch(function () { loading = null; });
    return loading;
  }

  function ask(question, hear) { return python().then(function (running) { return running.ask(question, hear); }); }

  /* What a cell or a calculator draws, without anything that could run or load. */
  function drawing(markup) {
    var made = element("template", "");
    made.innerHTML = markup;
    all(made.content, "script,iframe,object,embed,link,meta,base").forEach(function (part) { part.remove(); });
    return made.content;
  }

  /* ---- the editor: the cell's own text, colored, with a transparent text field over it ---- */

  var WORDS = {}, KINDS = {
    k: "as assert async await break case class continue def del elif else except finally for global if lambda match nonlocal pass raise return try while with yield",
    kn: "from import", kc: "True False None", ow: "and in is not or",
    nb: "abs all any bool dict display enumerate filter float format int len list map max min next pow print range repr reversed round set sorted str sum tuple type zip Exception KeyError TypeError ValueError"
  };
  Object.keys(KINDS).forEach(function (kind) { KINDS[kind].split(" ").forEach(function (word) { WORDS[word] = kind; }); });
  var TOKEN = /(#.*)|([rbfu]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|((?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)|([^\W\d]\w*)|([-+*/%=<>!&|^~@:]+)/gi;

  function colored(code) {
    var parts = document.createDocumentFragment(), end = 0;
    code.replace(TOKEN, function (text, comment, string, number, word, sign, at) {
      var before = code.slice(0, at).match(/\b(def|class)\s+$/);
      var kind = comment ? "c1" : string ? "s2" : number ? "mi" : sign ? "o" : before ? (before[1] === "def" ? "nf" : "nc") : WORDS[word];
      parts.appendChild(document.createTextNode(code.slice(end, at)));
      parts.appendChild(kind ? element("span", kind, text) : document.createTextNode(text));
      end = at + text.length;
    });
    parts.appendChild(document.createTextNode(code.slice(end) + "\n"));
    return parts;
  }

  function editor(pre, label) {
    var frame = element("div", "live-editor"), area = element("textarea", "");
    area.value = pre.textContent.replace(/\n$/, "");
    area.spellcheck = false;
    area.setAttribute("autocapitalize", "off");
    area.setAttribute("aria-label", label);
    area.setAttribute("aria-description", KEYS);
    pre.parentNode.insertBefore(frame, pre);
    frame.appendChild(pre);
    frame.appendChild(area);
    pre.setAttribute("aria-hidden", "true");
    pre.tabIndex = -1;
    area.paint = function () {
      pre.textContent = "";
      pre.appendChild(colored(area.value));
    };
    area.addEventListener("input", area.paint);
    return area;
  }

  /* Typed through the browser, so that its undo still works. */
  function type(text) { document.execCommand("insertText", false, text); }

  function keys(event, area, run, leave) {
    var before = area.value.slice(0, area.selectionStart), line = before.slice(before.lastIndexOf("\n") + 1);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { run(); }
    else if (event.key === "Escape") { leave.focus(); }
    else if (event.key === "Tab" && !event.shiftKey) { type("    ".slice(line.length % 4)); }
    else if (event.key === "Enter" && !event.isComposing) { type("\n" + line.match(/^ */)[0] + (/:\s*$/.test(line) ? "    " : "")); }
    else { return; }
    event.preventDefault();
  }

  /* ---- a live cell ---- */

  function button(text, action) {
    var made = element("button", "live-button", text);
    made.type = "button";
    made.onclick = function () { if (made.getAttribute("aria-disabled") !== "true") { action(); } };
    return made;
  }

  function able(made, yes) { made.setAttribute("aria-disabled", String(!yes)); }

  function cell(box, number) {
    var input = box.querySelector(".cell_input"), built = box.querySelector(".cell_output");
    var area = editor(input.querySelector("pre"), "Python code, live cell " + number), code = area.value, busy = false;
    var bar = element("div", "live-bar"), status = element("span", "live-status"), out = element("div", "live-out");
    var run = button("Run", start), stop = button("Stop", end), reset = button("Reset", restore);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Live cell " + number);
    status.setAttribute("role", "status");
    [run, stop, reset, status, element("span", "live-keys", KEYS)].forEach(function (part) { bar.appendChild(part); });
    input.parentNode.insertBefore(bar, input.nextSibling);
    bar.parentNode.insertBefore(out, bar.nextSibling);
    out.hidden = true;
    able(stop, false);
    able(reset, false);
    area.addEventListener("input", function () { able(reset, true); });
    area.addEventListener("keydown", function (event) { keys(event, area, start, run); });

    function show(kind, text) {
      if (kind === "started") { status.textContent = "Running…"; return; }
      if (kind === "html") { out.appendChild(element("div", "live-drawing")).appendChild(drawing(text)); return; }
      var open = out.lastElementChild, name = kind === "error" ? "live-traceback" : "live-text";
      if (!open || open.className !== name) { open = out.appendChild(element("pre", name)); }
      open.appendChild(document.createTextNode(text));
    }

    function rest(text) {
      busy = false;
      able(run, true);
      able(stop, false);
      status.textContent = text;
    }

    function start() {
      if (busy) { return; }
      busy = true;
      able(run, false);
      able(stop, true);
      able(reset, true);
      status.textContent = "Starting Python…";
      out.textContent = "";
      out.hidden = false;
      if (built) { built.hidden = true; }
      ask({ source: area.value, name: "cell " + number }, show).then(function (answer) {
        rest(answer === "done" ? (out.firstChild ? "Done; the output follows." : "Done; nothing was printed.") : "Ended with an error, shown below.");
      }, function (error) { rest(error.message); });
    }

    function end() {
      python().then(function (running) { running.stop("Stopped. Python started anew; variables of earlier runs are lost."); });
    }

    function restore() {
      if (busy) { end(); }
      area.value = code;
      area.paint();
      out.textContent = "";
      out.hidden = true;
      if (built) { built.hidden = false; }
      able(reset, false);
      status.textContent = "The code and output of the book are back.";
    }
  }

  /* ---- a calculator ---- */

  function calculator(form) {
    var line = form.querySelector("output"), result = form.querySelector(".live-result"), turn = 0;

    /* A stale dose is never shown: whatever changes clears the answer, and an answer that comes late is dropped. */
    function clear() {
      turn += 1;
      result.textContent = line.textContent = "";
      all(form, ".live-error").forEach(function (error) { error.textContent = ""; });
      all(form, "[aria-invalid]").forEach(function (field) {
        field.removeAttribute("aria-invalid");
        describe(field, false);
      });
    }

    function describe(field, wrong) {
      var error = field.id + "-error", others = (field.getAttribute("aria-describedby") || "").split(" ");
      others = others.filter(function (id) { return id && id !== error; }).concat(wrong ? error : []);
      if (others.length) { field.setAttribute("aria-describedby", others.join(" ")); } else { field.removeAttribute("aria-describedby"); }
    }

    function refuse(answer) {
      var field = answer.field && form.elements[answer.field], error = field && document.getElementById(field.id + "-error");
      if (!error) { line.textContent = answer.message; return; }
      error.textContent = answer.message;
      field.setAttribute("aria-invalid", "true");
      describe(field, true);
      field.focus();
    }

    form.hidden = false; // without this script nobody could answer it
    form.addEventListener("input", clear);
    form.addEventListener("change", clear);
    form.addEventListener("reset", clear);
    form.addEventListener("submit", function (event) {
      var fields = {}, mine;
      event.preventDefault();
      clear();
      mine = turn;
      new FormData(form).forEach(function (value, name) { fields[name] = value; });
      line.textContent = "Starting Python…";
      ask({ calculator: form.dataset.call, fields: JSON.stringify(fields) }, function () {
        if (mine === turn) { line.textContent = "Calculating…"; }
      }).then(JSON.parse).then(function (answer) {
        if (mine !== turn) { return; }
        line.textContent = answer.ok ? answer.status : "";
        if (answer.ok) { result.appendChild(drawing(answer.html)); } else { refuse(answer); }
      }).catch(function (error) { if (mine === turn) { line.textContent = error.message; } });
    });
  }

  function start() {
    var cells = all(document, ".cell.tag_live"), forms = all(document, "form.live-calc");
    if (!window.DecompressionStream || !window.WebAssembly || !window.Worker) {
      cells.concat(forms).slice(0, 1).forEach(function (first) {
        note(first, "This browser is too old to run the book's Python in the page. What was built stands; nothing else is missing.");
      });
      return;
    }
    cells.forEach(function (box, place) {
      if (!place) { note(box, "Change the code below and run it. " + PROMISE); }
      cell(box, place + 1);
    });
    forms.forEach(calculator);
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
}());

/* The search as a reader meets it: a field, what is found by chapter, and the keys. Loaded by search.js at first use.
   What is typed and what is found go into the page as text alone, never as markup. */
window.bookpressSearchPanel = function (here, root, loadRest) {
  "use strict";
  var HINT = "Arrow keys move, Enter opens, Esc closes.", PER_CHAPTER = 3, MOST = 15, SLICE = 12, PAUSE = 60;
  var LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
  var book = null, failed = "", waiting = 0, dialog = null;
  var box = element("div", "book-search"), form = element("form", "book-search-form"), field = element("input", "book-search-field");
  var label = element("label", "book-search-label", "Search this book"), status = element("p", "book-search-status"), list = element("div", "book-search-results");

  function element(name, className, text) {
    var made = document.createElement(name);
    made.className = className;
    if (text) { made.textContent = text; }
    return made;
  }

  /* ---- the index ---- */

  function unpacked(packed) {
    var values = new Uint8Array(128), bytes = new Uint8Array(packed.text.length / 5 * 4), out = 0, at, step, sum;
    for (at = 0; at < LETTERS.length; at += 1) { values[LETTERS.charCodeAt(at)] = at; }
    for (at = 0; at < packed.text.length; at += 5) {
      for (step = sum = 0; step < 5; step += 1) { sum = sum * 85 + values[packed.text.charCodeAt(at + step)]; }
      for (step = 24; step >= 0; step -= 8) { bytes[out] = sum >>> step; out += 1; }
    }
    var stream = new Blob([bytes.subarray(0, packed.bytes)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).json();
  }

  /* In slices, so that typing and scrolling stay smooth meanwhile. */
  function indexed(made) {
    return new Promise(function (done) {
      function slice() { if (made.work(SLICE)) { setTimeout(slice, 0); } else { done(made); } }
      slice();
    });
  }

  function prepare() {
    var began = performance.now();
    if (typeof DecompressionStream === "undefined") {
      failed = "This browser is too old to unpack the search index. Please use the contents and the glossary.";
      return;
    }
    loadRest().then(function () { return unpacked(window.bookpressSearchIndex); }).then(function (told) {
      delete window.bookpressSearchIndex;
      return indexed(new window.bookpressSearchEngine.Book(window.MiniSearch, told));
    }).then(function (made) {
      made.find("the first answer is the slowest: let it be this one");
      book = made;
      box.dataset.prepared = (performance.now() - began).toFixed(1);
      show();
    }).catch(function (error) {
      failed = "The search could not be loaded: " + error.message;
      show();
    });
  }

  /* ---- what is found ---- */

  function marked(name, className, parts) {
    var made = element(name, className);
    parts.forEach(function (part) { made.appendChild(part[1] ? element("mark", "", part[0]) : document.createTextNode(part[0])); });
    return made;
  }

  function entry(one) {
    var section = one.section, line = element("li", "book-search-hit"), link = element("a", "book-search-link");
    var title = marked("span", "book-search-title", window.bookpressSearchEngine.pieces(section.title, one.titleMarks));
    link.href = root + section.page + ".html#" + encodeURIComponent(one.passage.anchor || section.anchor);
    link.dataset.section = section.page + "#" + section.anchor;
    if (section.number) { title.prepend(section.number + " "); }
    link.appendChild(title);
    if (section.parent) { link.appendChild(element("span", "book-search-parent", "in " + section.parent)); }
    if (one.passage.text) { link.appendChild(marked("span", "book-search-sentence", window.bookpressSearchEngine.excerpt(one.passage))); }
    line.appendChild(link);
    return line;
  }

  function chapter(group) {
    var part = element("section", "book-search-chapter"), heading = element("h2", "book-search-heading", (group.number ? group.number + ". " : "") + group.title);
    var hits = element("ul", "book-search-hits");
    group.found.forEach(function (one) { hits.appendChild(entry(one)); });
    part.append(heading, hits);
    return part;
  }

  function counted(count, one, many) { return count + " " + (count === 1 ? one : many); }

  function quoted(list) { return list.map(function (word) { return "“" + word + "”"; }).join(", "); }

  function verdict(found, groups) {
    var count = groups.reduce(function (sum, group) { return sum + group.found.length; }, 0);
    var told = count ? counted(count, "section", "sections") + " in " + counted(groups.length, "chapter", "chapters") + "." : "Nothing found. Try fewer or other words, or the contents and the glossary.";
    if (found.slips.length) { told += " Not in the book: " + quoted(found.slips) + "; what is spelled alike is shown."; }
    if (count && found.unknown.length) { told += " Not in the book: " + quoted(found.unknown) + "."; }
    return told;
  }

  function show() {
    var question = field.value, began = performance.now();
    if (failed || !question.trim()) {
      list.replaceChildren();
      status.textContent = failed || HINT;
      return;
    }
    if (!book) { status.textContent = "Reading the index…"; return; }
    var found = book.find(question), groups = window.bookpressSearchEngine.grouped(found, PER_CHAPTER, MOST);
    list.replaceChildren.apply(list, groups.map(chapter));
    list.scrollTop = 0;
    status.textContent = verdict(found, groups);
    box.dataset.milliseconds = (performance.now() - began).toFixed(1);
    box.dataset.answered = question;
  }

  /* ---- keys ---- */

  function stops() { return [field].concat(Array.from(list.querySelectorAll("a"))); }

  function move(event) {
    var all = stops(), at = all.indexOf(document.activeElement), to = -1;
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    if (event.key === "ArrowDown") { to = Math.min(at + 1, all.length - 1); }
    if (event.key === "ArrowUp") { to = Math.max(at - 1, 0); }
    if (at > 0 && event.key === "Home") { to = 1; }
    if (at > 0 && event.key === "End") { to = all.length - 1; }
    if (to < 0) { return; }
    event.preventDefault();
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest" });
  }

  form.setAttribute("role", "search");
  field.type = "text";
  field.id = label.htmlFor = "book-search-field";
  field.autocomplete = "off";
  field.spellcheck = false;
  field.maxLength = 200;
  ["autocapitalize", "autocorrect"].forEach(function (name) { field.setAttribute(name, "off"); });
  field.setAttribute("enterkeyhint", "search");
  status.setAttribute("role", "status");
  status.textContent = HINT;
  form.append(label, field);
  box.append(form, status, list);
  box.addEventListener("keydown", move);
  field.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(waiting);
    show();
    var first = list.querySelector("a");
    if (first) { first.click(); }
  });

  if (here) {
    here.appendChild(box);
    field.value = (new URLSearchParams(window.location.search).get("q") || "").slice(0, field.maxLength);
  } else {
    dialog = element("dialog", "book-search-dialog");
    dialog.setAttribute("aria-label", "Search this book");
    var close = element("button", "book-search-close", "Close");
    close.type = "button";
    close.onclick = function () { dialog.close(); };
    form.appendChild(close);
    dialog.appendChild(box);
    document.body.appendChild(dialog);
    dialog.addEventListener("click", function (event) {
      if (event.target === dialog || event.target.closest("a")) { dialog.close(); } // the link may lead within this page
    });
  }
  prepare();
  show();
  return {
    open: function () {
      if (dialog && dialog.open) { dialog.close(); return; }
      if (dialog) { dialog.showModal(); }
      field.focus();
      field.select();
    }
  };
};

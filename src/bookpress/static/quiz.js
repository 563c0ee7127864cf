/* Checks the answers of a quiz. The page works without this file: it adds buttons, verdicts, and, if asked, a memory.
   exam.js builds on what it leaves in window.bookpressQuiz. */
(function () {
  "use strict";
  var STORE = "bookpress-quiz";

  function all(root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); }

  function element(name, className, text) {
    var made = document.createElement(name);
    made.className = className;
    if (text) { made.textContent = text; }
    return made;
  }

  /* ---- one question ---- */

  function inputs(form) { return all(form, ".quiz-field input"); }

  function given(form) {
    if (form.dataset.type === "numeric") { return inputs(form)[0].value.trim(); }
    return inputs(form).filter(function (input) { return input.checked; }).map(function (input) { return input.value; });
  }

  function say(form, kind, text) {
    var line = form.querySelector(".quiz-verdict");
    line.className = "quiz-verdict" + (kind ? " quiz-is-" + kind : "");
    line.textContent = text;
  }

  function forget(form) {
    all(form, ".quiz-told").forEach(function (told) { told.remove(); });
    all(form, ".quiz-option").forEach(function (row) {
      row.classList.remove("quiz-is-right", "quiz-is-wrong");
      row.querySelector("input").removeAttribute("aria-describedby");
    });
    say(form, "", "");
  }

  /* Puts the reason of a chosen option below it. Ids of the copied text are dropped, for an id must be unique. */
  function tell(form, row, input) {
    var right = input.dataset.correct === "yes";
    var reason = form.querySelector('.quiz-reasons li[data-letter="' + input.value + '"] .quiz-why');
    var told = element("p", "quiz-told");
    told.id = form.id + "-told-" + input.value;
    told.appendChild(element("strong", "", right ? "✓ right. " : "✗ wrong. "));
    if (reason) {
      var copy = reason.cloneNode(true);
      all(copy, "[id]").forEach(function (part) { part.removeAttribute("id"); });
      told.appendChild(copy);
    }
    row.classList.add(right ? "quiz-is-right" : "quiz-is-wrong");
    row.appendChild(told);
    input.setAttribute("aria-describedby", told.id);
  }

  function checkChoices(form) {
    var right = 0, wrong = 0, missing = 0;
    inputs(form).forEach(function (input) {
      var correct = input.dataset.correct === "yes";
      if (input.checked) {
        if (correct) { right += 1; } else { wrong += 1; }
        tell(form, input.closest(".quiz-option"), input);
      } else if (correct) { missing += 1; }
    });
    if (!wrong && !missing) { return ["right", "✓ Correct."]; }
    if (form.dataset.type === "multiple") {
      return ["wrong", "✗ Not yet: " + right + " right, " + wrong + " wrong, " + missing + " missing. Change your answer, or open the reasons below."];
    }
    return ["wrong", "✗ Not yet. Read why below your choice, then try again, or open the reasons."];
  }

  function checkNumber(form) {
    var input = inputs(form)[0], value = input.valueAsNumber;
    var answer = Number(input.dataset.answer), tolerance = Number(input.dataset.tolerance) + 1e-9;
    function near(x) { return Math.abs(x - answer) <= tolerance; }
    if (near(value)) { return ["right", "✓ Correct."]; }
    if (answer !== 0 && near(-value)) { return ["wrong", "✗ Not yet: the size is right, the sign is not."]; }
    if (answer !== 0 && (near(value * 100) || near(value / 100))) {
      return ["wrong", "✗ Not yet: a factor of 100 away. Look at the decimal point and at the unit."];
    }
    return ["wrong", "✗ Not yet. Try again, or open the reasons below."];
  }

  function check(form, quietly) {
    forget(form);
    var numeric = form.dataset.type === "numeric";
    if (!given(form).length) {
      say(form, "", numeric ? "Type a number first." : "Choose an answer first.");
      return;
    }
    var verdict = numeric ? checkNumber(form) : checkChoices(form);
    say(form, verdict[0], verdict[1]);
    form.dataset.result = verdict[0];
    if (verdict[0] === "right" && !quietly) { form.querySelector(".quiz-answer").open = true; }
    document.dispatchEvent(new CustomEvent("bookpress:quiz-checked", {
      detail: { item: form.dataset.item, objective: form.dataset.objective, correct: verdict[0] === "right" }
    }));
  }

  /* ---- memory: none, until the reader ticks the box ---- */

  /* Some browsers refuse a page of a folder any memory: then this is null, and `write` says false. */
  function read() {
    try {
      var memory = JSON.parse(window.localStorage.getItem(STORE));
      return memory && memory.items && typeof memory.items === "object" ? memory : null;
    } catch (error) { return null; }
  }

  function write(memory) {
    try {
      if (memory) { window.localStorage.setItem(STORE, JSON.stringify(memory)); } else { window.localStorage.removeItem(STORE); }
      return true;
    } catch (error) { return false; }
  }

  function keep(forms) {
    var memory = read();
    if (!memory) { return; }
    forms.forEach(function (form) {
      if (given(form).length) {
        memory.items[form.dataset.item] = { answer: given(form), result: form.dataset.result || "" };
      } else { delete memory.items[form.dataset.item]; }
    });
    write(memory);
  }

  function recall(form) {
    var memory = read(), row = memory && memory.items[form.dataset.item];
    if (!row) { return; }
    inputs(form).forEach(function (input) {
      if (input.type === "number") { input.value = row.answer; } else { input.checked = row.answer.indexOf(input.value) >= 0; }
    });
    if (row.result) { check(form, true); }
  }

  /* ---- what the reader can do: objectives with the questions that were answered correctly ---- */

  /* Counts for every row that names its questions. What stands on the page counts before what is remembered. */
  function tally() {
    var memory = read(), results = {};
    Object.keys(memory ? memory.items : {}).forEach(function (id) { results[id] = memory.items[id].result; });
    all(document, "form.quiz-item").forEach(function (form) { results[form.dataset.item] = form.dataset.result; });
    all(document, "[data-items]").forEach(function (row) {
      var ids = row.dataset.items.split(" ");
      var right = ids.filter(function (id) { return results[id] === "right"; }).length;
      row.querySelector(".quiz-tally").textContent = (right === ids.length ? "✓ " : "") + right + " of " + ids.length + " right";
      row.classList.toggle("quiz-can", right === ids.length);
    });
  }

  /* ---- all questions of a page ---- */

  function progress(forms, lines) {
    var done = forms.filter(function (form) { return form.dataset.result === "right"; }).length;
    lines.forEach(function (line) { line.textContent = done ? done + " of " + forms.length + " answered correctly." : ""; });
    tally();
  }

  function serveMemory(boxes, forms, say) {
    boxes.forEach(function (box) {
      box.checked = Boolean(read());
      box.addEventListener("change", function () {
        var worked = write(box.checked ? { version: 1, items: {} } : null);
        boxes.forEach(function (other) { other.checked = box.checked && worked; });
        if (!worked) {
          say("This browser does not let the page remember. All else works.");
        } else if (box.checked) {
          keep(forms.filter(function (form) { return given(form).length; }));
          say("From now on your answers are remembered on this device.");
        } else { say("Nothing is remembered any more."); }
        tally();
      });
    });
  }

  function start() {
    var forms = all(document, "form.quiz-item").filter(function (form) { return form.querySelector(".quiz-check"); });
    var tools = all(document, ".quiz-tools"), lines = all(document, ".quiz-progress");

    function say(text) { lines.forEach(function (line) { line.textContent = text; }); }

    function changed(form) {
      delete form.dataset.result;
      forget(form);
      progress(forms, lines);
    }

    forms.forEach(function (form) {
      var button = form.querySelector(".quiz-check");
      button.hidden = button.disabled = false;
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        check(form);
        keep([form]);
        progress(forms, lines);
      });
      form.addEventListener("input", function () { changed(form); });
      recall(form);
    });
    tools.forEach(function (tool) {
      var clear = tool.querySelector(".quiz-clear");
      tool.hidden = false;
      if (!clear) { return; }
      clear.addEventListener("click", function () {
        forms.forEach(function (form) {
          form.reset();
          changed(form);
          form.querySelector(".quiz-answer").open = false;
        });
        keep(forms);
        tally();
        say("All answers of this page are cleared.");
      });
    });
    serveMemory(all(document, ".quiz-remember input"), forms, say);
    progress(forms, lines);
    if (!forms.length) { return; }

    /* Older browsers cannot print a closed answer by style alone. */
    var closed = [];
    window.addEventListener("beforeprint", function () {
      closed = all(document, ".quiz-answer:not([open])");
      closed.forEach(function (answer) { answer.open = true; });
    });
    window.addEventListener("afterprint", function () {
      closed.forEach(function (answer) { answer.open = false; });
    });
  }

  window.bookpressQuiz = {
    all: all, element: element, inputs: inputs, given: given, check: check, say: say, keep: keep, tally: tally,
    remembers: function () { return Boolean(read()); }
  };
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
}());

/* The exam of a page: choices, paper, hand-in, score, review. Needs quiz.js and exam-draw.js. */
(function () {
  "use strict";
  var quiz = window.bookpressQuiz, drawer = window.bookpressExam;
  var all = quiz.all, element = quiz.element;

  function words(count, one, many) { return count + " " + (count === 1 ? one : many); }

  function start(box) {
    var pool = box.querySelector(".exam-pool").content, setup = box.querySelector(".exam-setup");
    var paper = box.querySelector(".exam-paper"), result = box.querySelector(".exam-result");
    var list = box.querySelector(".exam-questions"), status = box.querySelector(".exam-status");
    var open = box.querySelector(".exam-open"), clock = box.querySelector(".exam-clock");
    var titles = {}, levels = {}, items = [], drawn = [], sure = false, begun = 0, ticking = 0;

    all(setup, "input[type=checkbox]").forEach(function (tick) {
      (tick.name === "chapter" ? titles : levels)[tick.value] =
        tick.parentNode.textContent.replace(/\s*\(\d+\)\s*$/, "").trim();
    });
    all(pool, ".quiz-item").forEach(function (node) {
      items.push({
        id: node.dataset.item, chapter: node.closest("[data-chapter]").dataset.chapter, node: node,
        level: node.dataset.level, objective: node.dataset.objective
      });
    });
    var book = {
      chapters: Object.keys(titles), levels: Object.keys(levels), most: Number(setup.elements.count.max)
    };

    /* ---- choices ---- */

    function ticked(name) {
      return all(setup, "input[name=" + name + "]:checked").map(function (tick) { return tick.value; });
    }

    function choices() {
      return { chapters: ticked("chapter"), levels: ticked("level"), count: setup.elements.count.valueAsNumber };
    }

    function fitting(chosen) { return items.filter(function (item) { return drawer.fits(item, chosen); }).length; }

    /* Says what is wrong with the choices, or how many questions fit them. */
    function look() {
      var typed = setup.elements.number.value.trim(), chosen = choices();
      var read = typed ? drawer.read(typed, chosen, book) : { choices: chosen };
      var trouble = "";
      if (!read) {
        trouble = "That is no number of a paper. It looks like 4821, or like 4821-12-" + (Math.pow(2, book.chapters.length) - 1) + "-15.";
      } else {
        chosen = read.choices;
        if (!chosen.chapters.length) { trouble = "Choose a chapter first."; }
        else if (!chosen.levels.length) { trouble = "Choose a level first."; }
        else if (!(chosen.count >= 1 && chosen.count <= book.most && chosen.count % 1 === 0)) {
          trouble = "Type a whole number of questions from 1 to " + book.most + ".";
        }
      }
      var count = trouble ? 0 : fitting(chosen);
      if (!trouble && !count) { trouble = "No question fits these choices."; }
      return { trouble: trouble, read: read, count: count };
    }

    function tell() {
      var found = look();
      status.textContent = found.trouble || words(found.count, "question fits", "questions fit") + " these choices." +
        (found.count < found.read.choices.count ? " The paper will have all of them." : "");
      setup.querySelector(".exam-none").textContent = ticked("chapter").length ? "Take all away" : "Take all";
      return found;
    }

    setup.addEventListener("input", tell);
    setup.querySelector(".exam-none").addEventListener("click", function () {
      var none = ticked("chapter").length > 0;
      all(setup, "input[name=chapter]").forEach(function (tick) { tick.checked = !none; });
      tell();
    });
    setup.addEventListener("submit", function (event) {
      event.preventDefault();
      var found = tell();
      if (found.trouble) { return; }
      var seed = found.read.seed === undefined ? 1000 + Math.floor(Math.random() * 9000) : found.read.seed;
      show(found.read.choices, seed);
    });

    /* ---- paper ---- */

    function show(chosen, seed) {
      drawn = drawer.draw(items, chosen, seed).map(function (item, place) {
        var node = document.importNode(item.node, true);
        node.querySelector(".quiz-number").firstChild.nodeValue = "Question " + (place + 1) + " ";
        all(node, ".quiz-answer .quiz-listen").forEach(function (part) { part.textContent = " for question " + (place + 1); });
        return { id: item.id, chapter: item.chapter, level: item.level, node: node, place: place + 1 };
      });
      list.replaceChildren.apply(list, drawn.map(function (one) { return one.node; }));
      var legend = pool.querySelector(".fact-legend");
      if (legend && list.textContent.indexOf("†") >= 0) { list.appendChild(document.importNode(legend, true)); }
      paper.querySelector(".exam-title").textContent = "Paper " + drawer.write(seed, chosen, book);
      paper.querySelector(".exam-about").textContent = words(drawn.length, "question", "questions") + ". Whoever types this number in version " +
        box.dataset.release + " of the book gets the same paper.";
      setup.hidden = result.hidden = true;
      box.classList.remove("exam-is-handed-in");
      paper.hidden = paper.querySelector(".exam-submit").hidden = false;
      open.textContent = "";
      sure = false;
      startClock();
      paper.querySelector(".exam-title").focus();
    }

    function startClock() {
      var aim = setup.elements.minutes.valueAsNumber;
      begun = Date.now();
      window.clearInterval(ticking);
      clock.hidden = !(aim >= 1);
      if (clock.hidden) { return; }
      function tick() {
        var spent = Math.floor((Date.now() - begun) / 60000);
        clock.textContent = "Time: " + spent + " of " + words(aim, "minute", "minutes") + (spent >= aim ? ". Go on as long as you like." : "");
      }
      tick();
      ticking = window.setInterval(tick, 5000);
    }

    function unanswered() { return drawn.filter(function (one) { return !quiz.given(one.node).length; }); }

    paper.addEventListener("input", function () { sure = false; open.textContent = ""; });
    paper.addEventListener("submit", function (event) {
      event.preventDefault();
      if (box.classList.contains("exam-is-handed-in")) { return; }
      var gaps = unanswered();
      if (gaps.length && !sure) {
        sure = true;
        open.textContent = "Without an answer: " + gaps.map(function (one) { return one.place; }).join(", ") +
          ". Press again to hand in all the same.";
        return;
      }
      handIn();
    });
    paper.querySelector(".exam-print").addEventListener("click", function () { window.print(); });
    paper.querySelector(".exam-again").addEventListener("click", function () {
      window.clearInterval(ticking);
      paper.hidden = result.hidden = true;
      setup.hidden = false;
      setup.elements.number.value = "";
      tell();
      setup.querySelector("input").focus();
    });

    /* ---- score and review ---- */

    function handIn() {
      var minutes = Math.round((Date.now() - begun) / 60000);
      window.clearInterval(ticking);
      clock.hidden = true;
      drawn.forEach(function (one) {
        var answered = quiz.given(one.node).length > 0;
        if (answered) { quiz.check(one.node, true); }
        one.right = one.node.dataset.result === "right";
        quiz.say(one.node, one.right ? "right" : "wrong", one.right ? "✓ Right." : answered ? "✗ Not right." : "✗ Not answered.");
        quiz.inputs(one.node).forEach(function (input) { input.disabled = true; });
        one.node.querySelector(".quiz-answer").open = !one.right;
      });
      quiz.keep(drawn.filter(function (one) { return one.node.dataset.result; }).map(function (one) { return one.node; }));
      quiz.tally();
      document.dispatchEvent(new CustomEvent("bookpress:exam-handed-in"));
      box.classList.add("exam-is-handed-in");
      paper.querySelector(".exam-submit").hidden = true;
      open.textContent = "";
      report(minutes);
    }

    function report(minutes) {
      var right = drawn.filter(function (one) { return one.right; }).length;
      var title = element("h3", "exam-score", right + " of " + drawn.length + " right (" + Math.round(100 * right / drawn.length) + "%)");
      title.tabIndex = -1;
      var wrong = drawn.filter(function (one) { return !one.right; });
      var more = element("p", "", (minutes ? "In " + words(minutes, "minute", "minutes") : "In less than a minute") + ". A question with several right options counts when all of them, and no other, are chosen." +
        (quiz.remembers() ? " The answers are remembered on this device." : " Nothing is remembered."));
      result.replaceChildren(title, more, table("By chapter", titles, "chapter"), table("By level", levels, "level"));
      if (wrong.length) {
        var again = element("p", "exam-wrong", "Look again at ");
        wrong.forEach(function (one, place) {
          var link = element("a", "", "question " + one.place);
          link.href = "#" + one.node.id;
          again.append(place ? ", " : "", link);
        });
        again.append(".");
        result.append(again);
      }
      result.hidden = false;
      title.focus();
      title.scrollIntoView({ block: "start" });
    }

    function table(caption, names, kind) {
      var made = element("table", "exam-table"), body = document.createElement("tbody");
      made.appendChild(element("caption", "", caption));
      made.insertAdjacentHTML("beforeend", '<thead><tr><td></td><th scope="col">Right</th><th scope="col">Asked</th></tr></thead>');
      Object.keys(names).forEach(function (name) {
        var asked = drawn.filter(function (one) { return one[kind] === name; });
        if (!asked.length) { return; }
        var row = body.insertRow(), head = element("th", "", names[name]);
        head.scope = "row";
        row.appendChild(head);
        row.insertCell().textContent = asked.filter(function (one) { return one.right; }).length;
        row.insertCell().textContent = asked.length;
      });
      made.appendChild(body);
      return made;
    }

    box.querySelector(".exam-fallback").hidden = true;
    setup.hidden = false;
    tell();
  }

  /* ---- objectives of the whole book ---- */

  function startProgress(tool) {
    var rows = all(tool, "[data-items]"), sum = tool.querySelector(".progress-sum");
    function tell() {
      var can = rows.filter(function (row) { return row.classList.contains("quiz-can"); }).length;
      sum.textContent = quiz.remembers() ?
        "All questions right: " + can + " of " + rows.length + " objectives." :
        "Nothing is remembered yet: tick the box, then answer questions in the chapters or hand in a paper.";
    }
    tool.closest(".exam").querySelector(".exam-fallback").hidden = true;
    tool.hidden = false;
    tool.addEventListener("change", function () { window.setTimeout(tell, 0); });
    document.addEventListener("bookpress:exam-handed-in", tell);
    tell();
  }

  function run() {
    all(document, ".exam").forEach(function (box) { if (box.querySelector(".exam-pool")) { start(box); } });
    all(document, ".progress-tool").forEach(startProgress);
  }

  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", run); } else { run(); }
}());

/* Checks answers, reports the score to the course system, and remembers scores only. Works without a course system. */
(function () {
  "use strict";
  var forms = Array.prototype.slice.call(document.querySelectorAll("form"));
  var total = document.getElementById("total");
  var scores = {};
  var api = find(window) || (window.opener && find(window.opener));

  function find(place) {
    for (var step = 0; step < 10; step += 1) {
      try {
        if (place.API) { return place.API; }
        if (!place.parent || place.parent === place) { return null; }
        place = place.parent;
      } catch (error) { return null; }
    }
    return null;
  }

  function right(form) {
    var inputs = Array.prototype.slice.call(form.querySelectorAll("input"));
    if (form.dataset.type === "numeric") {
      var typed = inputs[0].value.trim().replace("\u2212", "-").replace(",", ".");
      var gap = Math.abs(Number(typed) - Number(form.dataset.answer));
      return typed !== "" && gap <= Number(form.dataset.tolerance) + 1e-9;
    }
    return inputs.every(function (input) { return input.checked === (input.dataset.correct === "yes"); });
  }

  function answered(form) {
    return Array.prototype.some.call(form.querySelectorAll("input"), function (input) {
      return form.dataset.type === "numeric" ? input.value.trim() !== "" : input.checked;
    });
  }

  function report() {
    var done = Object.keys(scores);
    var sum = done.reduce(function (before, id) { return before + scores[id]; }, 0);
    var percent = Math.round(100 * sum / forms.length);
    total.textContent = done.length + " of " + forms.length + " answered, " + sum + " right.";
    if (!api) { return; }
    api.LMSSetValue("cmi.core.score.min", "0");
    api.LMSSetValue("cmi.core.score.max", "100");
    api.LMSSetValue("cmi.core.score.raw", String(percent));
    api.LMSSetValue("cmi.suspend_data", JSON.stringify(scores));
    var finished = done.length === forms.length;
    api.LMSSetValue("cmi.core.lesson_status", finished ? (percent >= 70 ? "passed" : "failed") : "incomplete");
    api.LMSCommit("");
  }

  forms.forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var verdict = form.querySelector(".verdict");
      if (!answered(form)) { verdict.textContent = "Choose or write an answer first."; return; }
      scores[form.id] = right(form) ? 1 : 0;
      verdict.textContent = scores[form.id] ? "Right." : "Not right. The reasons are below.";
      form.querySelector("details").open = true;
      report();
    });
  });

  if (api) {
    api.LMSInitialize("");
    try {
      var kept = JSON.parse(api.LMSGetValue("cmi.suspend_data") || "{}");
      forms.forEach(function (form) { if (kept[form.id] === 0 || kept[form.id] === 1) { scores[form.id] = kept[form.id]; } });
    } catch (error) { scores = {}; }
    window.addEventListener("pagehide", function () { api.LMSFinish(""); });
  }
  report();
}());

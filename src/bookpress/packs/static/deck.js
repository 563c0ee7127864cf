/* Turns slides with the keyboard: arrows, Page Up and Down, Space, Home, End. Without it, the page scrolls. */
(function () {
  "use strict";
  var slides = Array.prototype.slice.call(document.querySelectorAll(".slide"));

  function current() {
    var best = 0;
    slides.forEach(function (slide, place) {
      if (slide.getBoundingClientRect().top < window.innerHeight / 2) { best = place; }
    });
    return best;
  }

  function show(place) {
    var slide = slides[Math.max(0, Math.min(slides.length - 1, place))];
    slide.scrollIntoView();
    slide.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("summary, a, button")) { return; }
    var back = event.key === "ArrowLeft" || event.key === "ArrowUp" || event.key === "PageUp";
    var on = event.key === "ArrowRight" || event.key === "ArrowDown" || event.key === "PageDown" || event.key === " ";
    if (back || on) { show(current() + (on ? 1 : -1)); }
    else if (event.key === "Home") { show(0); }
    else if (event.key === "End") { show(slides.length - 1); }
    else { return; }
    event.preventDefault();
  });
}());

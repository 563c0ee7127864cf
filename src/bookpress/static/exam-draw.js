/* Draws a paper. The same number gives the same questions in every browser. Knows nothing of the page it works for. */
(function () {
  "use strict";

  /* Mulberry32: whole numbers of 32 bits alone, so that no browser rounds in its own way. */
  function dice(seed) {
    var state = seed >>> 0;
    return function (below) {
      state = (state + 0x6D2B79F5) >>> 0;
      var mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
  }

  function shuffled(list, roll) {
    var made = list.slice();
    for (var last = made.length - 1; last > 0; last -= 1) {
      var other = roll(last + 1), kept = made[last];
      made[last] = made[other];
      made[other] = kept;
    }
    return made;
  }

  function fits(item, choices) {
    return choices.chapters.indexOf(item.chapter) >= 0 && choices.levels.indexOf(item.level) >= 0;
  }

  /* Takes each time from the chapter asked least so far; within it the objective, then the level, asked least. */
  function draw(items, choices, seed) {
    var roll = dice(seed), rest = shuffled(items.filter(function (item) { return fits(item, choices); }), roll);
    var taken = [], asked = {};
    function burden(item) {
      return [item.chapter, item.objective, item.level].map(function (name) { return asked[name] || 0; });
    }
    function lighter(one, other) {
      for (var place = 0; place < one.length; place += 1) {
        if (one[place] !== other[place]) { return one[place] < other[place]; }
      }
      return false;
    }
    while (taken.length < choices.count && rest.length) {
      var best = 0;
      for (var place = 1; place < rest.length; place += 1) {
        if (lighter(burden(rest[place]), burden(rest[best]))) { best = place; }
      }
      var item = rest.splice(best, 1)[0];
      [item.chapter, item.objective, item.level].forEach(function (name) { asked[name] = (asked[name] || 0) + 1; });
      taken.push(item);
    }
    return shuffled(taken, roll);
  }

  /* A paper number is seed-count-chapters-levels; the last two are sums of 1, 2, 4, ... for each one that is ticked. */
  function mask(all, some) {
    return all.reduce(function (sum, name, place) { return sum + (some.indexOf(name) >= 0 ? Math.pow(2, place) : 0); }, 0);
  }

  function unmask(all, sum) {
    return all.filter(function (_name, place) { return Math.floor(sum / Math.pow(2, place)) % 2 === 1; });
  }

  function write(seed, choices, book) {
    return [seed, choices.count, mask(book.chapters, choices.chapters), mask(book.levels, choices.levels)].join("-");
  }

  /* Returns {seed, choices}; a seed alone takes the choices of the form; null for what is no number of a paper. */
  function read(text, choices, book) {
    var found = /^\s*(\d{1,7})(?:\s*[-\u2013]\s*(\d{1,3})\s*[-\u2013]\s*(\d{1,9})\s*[-\u2013]\s*(\d{1,3}))?\s*$/.exec(text);
    if (!found) { return null; }
    var seed = Number(found[1]);
    if (found[2] === undefined) { return { seed: seed, choices: choices }; }
    var count = Number(found[2]), chapters = Number(found[3]), levels = Number(found[4]);
    if (count < 1 || count > book.most || chapters < 1 || chapters >= Math.pow(2, book.chapters.length) ||
        levels < 1 || levels >= Math.pow(2, book.levels.length)) { return null; }
    return { seed: seed, choices: {
      count: count, chapters: unmask(book.chapters, chapters), levels: unmask(book.levels, levels)
    } };
  }

  window.bookpressExam = { draw: draw, fits: fits, write: write, read: read };
}());

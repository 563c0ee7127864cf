/* Finds sections of the book for what a reader typed. No page is touched here: search-panel.js shows what is found.
   Words are compared without case, accents, and endings; names that mean the same are one word; a word that the book
   does not know is taken as a beginning, then as a slip of the finger. */
(function (root) {
  "use strict";
  var WORD = /\d+(?:[.,]\d+)+|[\p{L}\p{N}\p{M}]+/gu;
  var FOLDED = { "α": "a", "β": "b", "γ": "g", "δ": "d", "ε": "e", "κ": "k", "μ": "u" };
  var STOP = new Set(("a about after again all also am an and any are as at be because been before being both but by can could did do does for from get give had has have how i if in into is it its just " +
    "many may me more most much must my no not of off on or our out over per should so some such than that the their them then there these they this those to too up very was we what when where which while who why will with would you your").split(" "));
  // A heading tells more than a line of text. Sections are of very different lengths, so length is held against few (b).
  var BOOST = { title: 3, parent: 0.4, text: 1 }, LENGTHS = { k: 1.2, b: 0.3, d: 0.5 }, WEAK = 0.3;
  var LONGEST = 200, MOST_UNITS = 12, CANDIDATES = 40, SHOWN = 300;

  /* ---- words ---- */

  var stems = new Map();

  function stem(raw) {
    var known = stems.get(raw);
    if (known !== undefined) { return known; }
    var word = raw.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[α-ω]/g, function (sign) { return FOLDED[sign] || sign; }).replace(/,(?=\d{3}\b)/g, "");
    if (/^[a-z]+$/.test(word)) { word = ending(word); }
    if (stems.size > 50000) { stems.clear(); }
    stems.set(raw, word);
    return word;
  }

  /* doses, dosing, dosed, dose are one word; a shorter stem than three letters would be anything. */
  function ending(word) {
    if (word.length > 4 && /ies$/.test(word)) { return word.slice(0, -3) + "y"; }
    if (word.length > 3 && /[^aisu]s$/.test(word)) { word = word.slice(0, -1); }
    var bare = word.replace(/(?:ing|ed)$/, "");
    if (bare !== word && bare.length > 2 && /[aeiouy]/.test(bare)) { word = bare.replace(/([bdgmnprt])\1$/, "$1"); }
    return word.length > 3 ? word.replace(/e$/, "") : word;
  }

  /* All words of a text with their places; `joined` is what a hyphenated word is without its hyphen. */
  function words(text) {
    var found = [], match;
    WORD.lastIndex = 0;
    while ((match = WORD.exec(text))) {
      var one = { term: stem(match[0]), raw: match[0], start: match.index, end: match.index + match[0].length, joined: "" };
      var before = found[found.length - 1];
      if (before && one.start === before.end + 1 && /[-‐‑–]/.test(text[before.end])) { one.joined = stem(before.raw + match[0]); }
      found.push(one);
    }
    return found;
  }

  /* ---- names that mean the same ---- */

  function nameBook(groups) {
    var book = new Map();
    groups.forEach(function (group, number) {
      group.forEach(function (name) {
        var terms = words(name).map(function (one) { return one.term; }), list = book.get(terms[0]) || [];
        list.push({ terms: terms, id: "=" + number });
        list.sort(function (a, b) { return b.terms.length - a.terms.length; });
        book.set(terms[0], list);
      });
    });
    return book;
  }

  /* The longest name that begins at a word, or nothing. */
  function nameAt(book, list, at) {
    return (book.get(list[at].term) || []).find(function (name) {
      return name.terms.every(function (term, step) { return list[at + step] && list[at + step].term === term; });
    });
  }

  /* Each word, joined word, and name of a text: {term, start, end}. */
  function marks(book, text) {
    var list = words(text), found = [], free = 0;
    list.forEach(function (one, at) {
      found.push({ term: one.term, start: one.start, end: one.end });
      if (one.joined) { found.push({ term: one.joined, start: list[at - 1].start, end: one.end }); }
      var name = at >= free && nameAt(book, list, at);
      if (name) {
        free = at + name.terms.length;
        found.push({ term: name.id, start: one.start, end: list[free - 1].end });
      }
    });
    return found;
  }

  /* ---- slips of the finger ---- */

  /* Letters to change, add, drop, or swap with their neighbor; `limit` + 1 where it takes more. */
  function distance(a, b, limit) {
    if (Math.abs(a.length - b.length) > limit) { return limit + 1; }
    var before, row = [], above = [], i, j, least;
    for (j = 0; j <= b.length; j += 1) { above[j] = j; }
    for (i = 1; i <= a.length; i += 1) {
      row = [i];
      least = i;
      for (j = 1; j <= b.length; j += 1) {
        row[j] = Math.min(row[j - 1] + 1, above[j] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) { row[j] = Math.min(row[j], before[j - 2] + 1); }
        least = Math.min(least, row[j]);
      }
      if (least > limit) { return limit + 1; }
      before = above;
      above = row;
    }
    return above[b.length];
  }

  /* The terms of the book nearest to a word it does not know: of the fewest slips, and of those the most used. */
  function nearest(frequency, word) {
    var limit = word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0, best = [];
    if (!limit || !/^\p{L}+$/u.test(word)) { return best; }
    frequency.forEach(function (count, term) {
      if (term.length < 3 || term[0] === "=") { return; }
      var far = distance(word, term, limit);
      if (far > limit) { return; }
      if (far < limit) { limit = far; best = []; }
      best.push(term);
    });
    return best.sort(function (a, b) { return frequency.get(b) - frequency.get(a); }).slice(0, 4);
  }

  function hasBeginning(frequency, word) {
    if (word.length < 3) { return false; }
    for (var term of frequency.keys()) { if (term.startsWith(word)) { return true; } }
    return false;
  }

  /* ---- the index ---- */

  function itself(term) { return term; }

  function Book(MiniSearch, told) {
    var book = this;
    this.names = nameBook(told.synonyms);
    this.groups = told.synonyms;
    this.frequency = new Map(); // in how many sections a term stands
    this.sections = [];
    told.pages.forEach(function (page) {
      page[4].forEach(function (section, at) {
        book.sections.push({
          id: book.sections.length, page: page[0], pageTitle: page[1], pageNumber: page[2], weight: page[3] * (section[5] || 1),
          anchor: section[0], title: section[1], number: section[2], parent: section[3], isPage: at === 0, passages: section[4]
        });
      });
    });
    this.index = new MiniSearch({
      fields: ["title", "parent", "text"],
      tokenize: function (text) {
        return marks(book.names, text).map(function (mark) {
          book.seen.add(mark.term);
          return mark.term;
        });
      },
      processTerm: itself,
      extractField: function (section, field) {
        if (field === "text") { return section.passages.map(passageText).join("\n"); }
        return field === "parent" ? section.parent + "\n" + (section.isPage ? "" : section.pageTitle) : section[field];
      }
    });
  }

  function passageText(passage) { return typeof passage === "string" ? passage : passage[0]; }

  /* Index sections for at most so many milliseconds; true while some are left. */
  Book.prototype.work = function (milliseconds) {
    var end = performance.now() + milliseconds, frequency = this.frequency, done = this.index.documentCount;
    while (done < this.sections.length && performance.now() < end) {
      this.seen = new Set();
      this.index.add(this.sections[done]);
      this.seen.forEach(function (term) { frequency.set(term, (frequency.get(term) || 0) + 1); });
      done += 1;
    }
    return done < this.sections.length;
  };

  /* ---- what the reader asks for ---- */

  /* The units of a question; each is a list of terms any of which will do. */
  Book.prototype.units = function (question) {
    var book = this, list = words(question.slice(0, LONGEST)), units = [], at = 0;
    while (at < list.length && units.length < MOST_UNITS) {
      var one = list[at], next = list[at + 1], name = nameAt(this.names, list, at);
      if (name) {
        units.push({ terms: [name.id], isName: true, raw: question.slice(one.start, list[at + name.terms.length - 1].end) });
        at += name.terms.length;
      } else if (next && next.joined && this.frequency.has(next.joined)) {
        units.push({ terms: [next.joined], raw: one.raw + "-" + next.raw });
        at += 2;
      } else {
        units.push({ terms: [one.term], raw: one.raw.toLowerCase() });
        at += 1;
      }
    }
    // The last word may still be on its way.
    if (units.length && !/\s$/.test(question)) { units[units.length - 1].open = true; }
    var telling = units.filter(function (unit) { return unit.isName || !STOP.has(unit.raw); });
    return (telling.length ? telling : units).map(function (unit) { return book.known(unit); });
  };

  Book.prototype.known = function (unit) {
    var frequency = this.frequency, word = unit.terms[0];
    unit.open = !unit.isName && word.length > 2 && (unit.open || !frequency.has(word));
    if (unit.isName && !frequency.has(word)) { unit.terms = []; }
    if (!frequency.has(word) && !unit.isName && !hasBeginning(frequency, word)) {
      unit.slips = nearest(frequency, word);
      unit.terms = unit.slips.slice();
      // A slip in a brand name: what it stands for is meant as well.
      unit.slips.forEach(function (term) {
        (this.names.get(term) || []).forEach(function (name) { if (name.terms.length === 1) { unit.terms.push(name.id); } });
      }, this);
    }
    var most = unit.terms.reduce(function (most, term) { return Math.max(most, frequency.get(term) || 0); }, 0);
    unit.telling = Math.sqrt(Math.log(1 + this.sections.length / (1 + most)));
    return unit;
  };

  /* Sections in order of fit: [{section, score, passage, marks}]. */
  Book.prototype.find = function (question) {
    var book = this, asked = this.units(question), units = asked.filter(function (unit) { return unit.terms.length; }), best = [];
    function raws(wanted) { return asked.filter(wanted).map(function (unit) { return unit.raw; }); }
    best.slips = raws(function (unit) { return unit.slips && unit.slips.length; });
    best.unknown = raws(function (unit) { return !unit.terms.length; });
    if (!units.length) { return best; }
    var all = units.reduce(function (sum, unit) { return sum + unit.telling; }, 0);
    var found = this.index.search({
      combineWith: "OR",
      queries: units.map(function (unit) { return { queries: unit.terms, combineWith: "OR", prefix: unit.open }; })
    }, {
      tokenize: function (term) { return [term]; }, processTerm: itself, fuzzy: false,
      boost: BOOST, weights: { prefix: 0.3, fuzzy: 0 }, bm25: LENGTHS
    });
    found.forEach(function (hit) {
      var told = units.reduce(function (sum, unit) { return sum + (unit.terms.some(function (term) { return hit.queryTerms.includes(term); }) ? unit.telling : 0); }, 0);
      hit.rank = hit.score * Math.pow(told / all, 2) * book.sections[hit.id].weight;
    });
    found.sort(function (a, b) { return b.rank - a.rank || a.id - b.id; });
    found.slice(0, CANDIDATES).forEach(function (hit) { best.push(book.closer(hit, units, all)); });
    best.sort(function (a, b) { return b.score - a.score || a.section.id - b.section.id; });
    return best;
  };

  function fits(unit, term) {
    return unit.terms.some(function (one) { return term === one || (unit.open && term.startsWith(one)); });
  }

  /* Where in a text which unit stands. */
  function placed(all, units) {
    return all.reduce(function (list, mark) {
      units.forEach(function (unit, number) { if (fits(unit, mark.term)) { list.push({ unit: number, start: mark.start, end: mark.end }); } });
      return list;
    }, []);
  }

  /* How much of the question one sentence answers: its share, and whether neighbors of the question are neighbors here. */
  function closeness(hits, units, all) {
    var seen = new Set(), told = 0, pairs = 0;
    hits.forEach(function (hit, at) {
      if (!seen.has(hit.unit)) { seen.add(hit.unit); told += units[hit.unit].telling; }
      var before = hits[at - 1];
      if (before && hit.unit === before.unit + 1 && hit.start - before.end <= 6) { pairs += 1; }
    });
    return told / all + 0.3 * Math.min(pairs, units.length - 1) / Math.max(1, units.length - 1);
  }

  Book.prototype.closer = function (hit, units, all) {
    var book = this, section = this.sections[hit.id], best = { close: 0, text: "", anchor: "", hits: [] };
    section.marks = section.marks || section.passages.map(function (passage) { return marks(book.names, passageText(passage)); });
    section.passages.forEach(function (passage, at) {
      var text = passageText(passage), hits = placed(section.marks[at], units), close = closeness(hits, units, all);
      // of two that tell as much, the shorter one
      if (close > best.close + 0.01) { best = { close: close, text: text, anchor: typeof passage === "string" ? "" : passage[1], hits: hits }; }
    });
    var title = placed(marks(this.names, section.title), units), titled = closeness(title, units, all);
    if (!best.text && section.passages.length) { best.text = passageText(section.passages[0]); }
    return {
      section: section, passage: best, titleMarks: merged(title),
      score: hit.rank * (0.5 + 0.5 * best.close + 0.8 * titled * titled)
    };
  };

  /* ---- what is shown ---- */

  function merged(hits) {
    return hits.slice().sort(function (a, b) { return a.start - b.start || b.end - a.end; }).reduce(function (list, hit) {
      var last = list[list.length - 1];
      if (last && hit.start <= last.end) { last.end = Math.max(last.end, hit.end); } else { list.push({ start: hit.start, end: hit.end }); }
      return list;
    }, []);
  }

  /* The part of a sentence around its hits, as [text, isHit] pieces. A row of a table stays whole: half a rule misleads. */
  function excerpt(passage) {
    var text = passage.text, spans = merged(passage.hits), from = 0, to = text.length;
    if (text.length > SHOWN && !text.includes(" · ")) {
      var first = spans.length ? spans[0].start : 0;
      from = first > 80 ? text.lastIndexOf(" ", first - 60) + 1 : 0;
      to = from + SHOWN < text.length ? text.lastIndexOf(" ", from + SHOWN) : text.length;
      if (to <= from) { to = Math.min(text.length, from + SHOWN); }
    }
    var parts = pieces(text.slice(from, to), spans.map(function (span) { return { start: span.start - from, end: span.end - from }; }));
    if (from) { parts.unshift(["… ", false]); }
    if (to < text.length) { parts.push([" …", false]); }
    return parts;
  }

  function pieces(text, spans) {
    var parts = [], at = 0;
    spans.forEach(function (span) {
      if (span.end <= 0 || span.start >= text.length || span.start < at) { return; }
      if (span.start > at) { parts.push([text.slice(at, span.start), false]); }
      parts.push([text.slice(span.start, span.end), true]);
      at = span.end;
    });
    if (at < text.length) { parts.push([text.slice(at), false]); }
    return parts;
  }

  /* Found sections by page, in the order of each page's best; at most `perPage` of one, `most` in all. */
  function grouped(found, perPage, most) {
    var groups = new Map(), count = 0;
    found.forEach(function (one) {
      if (!groups.has(one.section.page)) { groups.set(one.section.page, []); }
      groups.get(one.section.page).push(one);
    });
    return Array.from(groups.values()).reduce(function (list, group) {
      // what fits far less than the best of its chapter would only stand in the way of the next chapter
      var kept = group.filter(function (one) { return one.score >= WEAK * group[0].score; }).slice(0, Math.min(perPage, most - count));
      count += kept.length;
      return kept.length ? list.concat([{ page: kept[0].section.page, title: kept[0].section.pageTitle, number: kept[0].section.pageNumber, found: kept }]) : list;
    }, []);
  }

  root.bookpressSearchEngine = { Book: Book, excerpt: excerpt, pieces: pieces, grouped: grouped, distance: distance, stem: stem };
}(globalThis));

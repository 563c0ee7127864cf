/* Gives each citation its tooltip: the entry of the list at the end of the chapter that leads to the same place. */
(function () {
  "use strict";
  var entries = {};
  document.querySelectorAll(".chapter-references li").forEach(function (entry) {
    var links = entry.querySelectorAll("a.internal"), last = links[links.length - 1];
    if (last) { entries[last.getAttribute("href")] = entry.textContent.trim().replace(/\s+/g, " ").replace(/ \([^()]*\)$/, ""); }
  });
  document.querySelectorAll(".bibtex-citation a").forEach(function (link) {
    var entry = entries[link.getAttribute("href")];
    if (entry) { link.title = entry; }
  });
}());

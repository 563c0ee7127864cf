/* Opens the search of the book: by its button, Ctrl+K, or the slash key, or at once on the search page.
   Everything else, the index included, is loaded at first use. Without this file the search page shows other ways. */
(function () {
  "use strict";
  var own = document.currentScript, loading = null, here = document.getElementById("search-here");

  function added(made) {
    return new Promise(function (done, fail) {
      made.onload = done;
      made.onerror = function () { fail(new Error("A file of the search is missing beside this page.")); };
      document.head.appendChild(made);
    });
  }

  function script(address) { return added(Object.assign(document.createElement("script"), { src: address })); }

  /* The look and the panel first, so that one can type while the rest is loaded. */
  function panel() {
    loading = loading || Promise.all([
      added(Object.assign(document.createElement("link"), { rel: "stylesheet", href: own.dataset.look })), script(own.dataset.panel)
    ]).then(function () {
      return window.bookpressSearchPanel(here, new URL(own.dataset.root, document.baseURI).href, function () {
        return Promise.all([script(own.dataset.library), script(own.dataset.engine), script(own.dataset.index)]);
      });
    });
    loading.catch(function () { loading = null; });
    return loading;
  }

  function open() {
    panel().then(function (shown) { shown.open(); }, function (error) { window.alert(error.message); });
  }

  function isTyping(target) { return /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable; }

  window.addEventListener("keydown", function (event) {
    var control = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
    var slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    if (control || slash) {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest(".search-button__button"), around = button && button.closest("dialog[open]");
    if (!button) { return; }
    if (around) { around.close(); } // on a phone the button lies in the drawer of the contents
    open();
  });
  if (here) { panel().catch(function (error) { window.alert(error.message); }); } // the focus stays before the skip link
}());

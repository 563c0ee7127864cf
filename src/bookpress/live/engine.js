/* Starts the worker and talks to it. Travels with the book's modules; read on the reader's first click, not before. */
(function () {
  "use strict";
  const jobs = new Map();
  let worker = null, ready = null, text = null, last = 0, turn = 0;

  const bytes = (base64) =>
    Uint8Array.fromBase64 ? Uint8Array.fromBase64(base64) : Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

  const unpacked = (base64) => // the text of a gzip file
    new Response(new Response(bytes(base64)).body.pipeThrough(new DecompressionStream("gzip"))).text();

  function giveUp(message) {
    if (worker) { worker.terminate(); }
    worker = ready = null;
    turn += 1; // a start that is under way no longer counts
    const left = [...jobs.values()];
    jobs.clear();
    left.forEach((job) => job.fail(new Error(message)));
  }

  function heard(data) {
    const job = jobs.get(data.id);
    if (!job) { return; }
    if (data.kind) { job.hear(data.kind, data.text); return; }
    jobs.delete(data.id);
    job.done(data.answer);
  }

  /* On file:// the worker has an origin of its own and may read nothing: it is handed its text and its bytes. */
  async function start() {
    const mine = turn, runtime = globalThis.bookpressRuntime, book = globalThis.bookpressBook;
    text = text || (await unpacked(runtime.script)) + book.worker;
    const files = JSON.parse(await unpacked(book.files));
    if (mine !== turn) { return null; }
    const made = worker = new Worker("data:text/javascript;charset=utf-8," + encodeURIComponent(text), { type: "module" });
    const wasm = bytes(runtime.wasm), stdlib = bytes(runtime.stdlib);
    return new Promise((started) => {
      made.onerror = (event) => giveUp("Python cannot run in this browser: " + (event.message || "it allows no such worker") + ".");
      made.onmessage = ({ data }) => {
        if (data.ready) { started(); }
        else if (data.broken) { giveUp("Python broke down and lost its variables (" + data.broken + "). Run again to start anew."); }
        else { heard(data); }
      };
      const parts = { files, path: book.path, session: book.session, calculators: book.calculators };
      made.postMessage({ boot: { wasm, stdlib, book: parts } }, [wasm.buffer, stdlib.buffer]);
    });
  }

  globalThis.bookpressPython = {
    /* Sends one question and returns the promise of its answer; `hear` is told of the start, and of what is printed. */
    ask(question, hear) {
      const id = last += 1;
      ready = ready || start();
      return new Promise((done, fail) => {
        jobs.set(id, { hear, done, fail });
        ready.then(() => {
          if (!jobs.has(id)) { return; } // stopped meanwhile
          hear("started", "");
          worker.postMessage({ ...question, id });
        }, (error) => giveUp(error.message));
      });
    },
    /* Ends whatever runs, at once, and starts anew: an endless loop can be ended in no other way. */
    stop(message) { giveUp(message); ready = start(); }
  };
}());

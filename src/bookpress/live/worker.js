/* The worker's half. It stands behind the text of Pyodide in one module (createPyodideModule, loadPyodide, pyodideLock,
   pyodideBase), so that nothing needs to be loaded or evaluated, and the page's policy may forbid both. */
const opened = (packed, type) =>
  new Response(new Response(packed).body.pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": type } });
let session;

async function boot({ wasm, stdlib, book }) {
  const held = { "pyodide.asm.wasm": [wasm, "application/wasm"], "python_stdlib.zip": [stdlib, "application/zip"] };
  // Pyodide fetches its two parts; all else is refused here, and by the page's policy as well.
  self.fetch = async (request) => {
    const name = String((request && request.url) || request).replace(pyodideBase, "");
    if (!held[name]) { throw new TypeError("this page works without a network; it cannot fetch " + name); }
    return opened(...held[name]);
  };
  const pyodide = await loadPyodide({
    indexURL: pyodideBase, packageBaseUrl: pyodideBase, lockFileContents: pyodideLock, createPyodideModule
  });
  const write = (path, text) => {
    pyodide.FS.mkdirTree(path.replace(/\/[^/]*$/, ""));
    pyodide.FS.writeFile(path, text);
  };
  for (const [name, text] of Object.entries(book.files)) { write("/book/" + name, text); }
  write("/session/bookpress_session.py", book.session);
  const path = pyodide.pyimport("sys").path;
  for (const folder of ["/session", ...book.path.map((name) => "/book/" + name)]) { path.insert(0, folder); }
  session = pyodide.pyimport("bookpress_session").Session.callKwargs({ calculators: book.calculators });
}

onmessage = async ({ data }) => {
  try {
    if (data.boot) {
      await boot(data.boot);
      postMessage({ ready: true });
    } else if (data.calculator) {
      postMessage({ id: data.id, answer: session.answer(data.calculator, data.fields) });
    } else {
      const hear = (kind, text) => postMessage({ id: data.id, kind, text });
      postMessage({ id: data.id, answer: session.run(data.source, data.name, hear) });
    }
  } catch (error) {
    postMessage({ id: data.id, broken: String(error.message || error) });
  }
};

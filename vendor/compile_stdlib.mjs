// Compile the standard library of Pyodide to bytecode, inside Pyodide itself: it then starts in half the time.
// Usage: node compile_stdlib.mjs <unpacked npm package> <left-out.json> <target.zip>
import fs from "node:fs";
import path from "node:path";

const [folder, leftOut, target] = process.argv.slice(2).map((name) => path.resolve(name));
const { loadPyodide } = await import(path.join(folder, "pyodide.mjs"));
const stock = await loadPyodide({ indexURL: folder });
stock.FS.writeFile("/stdlib.zip", fs.readFileSync(path.join(folder, "python_stdlib.zip")));
stock.FS.writeFile("/left-out.json", fs.readFileSync(leftOut, "utf8"));
stock.runPython(`
import importlib._bootstrap_external as bootstrap, json, sys, zipfile

left_out = tuple(json.load(open("/left-out.json")))
archive = "/lib/python%d%d.zip/" % sys.version_info[:2]
source = zipfile.ZipFile("/stdlib.zip")
names = [info.filename for info in source.infolist() if not info.filename.endswith("/")]
unknown = [name for name in left_out if not any(one.startswith(name) for one in names)]
if unknown:
    raise SystemExit("nothing in the library begins with " + ", ".join(unknown))
kept = sorted(name for name in names if not name.startswith(left_out))
# Stored, not compressed: the whole archive is compressed once, better, in the bundle. One date, so that bytes repeat.
with zipfile.ZipFile("/compiled.zip", "w", zipfile.ZIP_STORED) as compiled:
    for name in kept:
        data = source.read(name)
        if name.endswith(".py"):
            code = compile(data, archive + name, "exec", dont_inherit=True, optimize=2)
            data, name = bytes(bootstrap._code_to_timestamp_pyc(code, 0, 0)), name + "c"
        compiled.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
`);
fs.writeFileSync(target, stock.FS.readFile("/compiled.zip"));

// Proof: every module that was kept and that stock Pyodide can import can still be imported.
const importing = `
import importlib
def imports(modules):
    fine = []
    for name in modules:
        try:
            importlib.import_module(name)
            fine.append(name)
        except Exception:
            pass
    return fine
imports`;
const modules = stock.runPython(`
[name[:-3].replace("/", ".").removesuffix(".__init__") for name in kept
 if name.endswith(".py") and "__main__" not in name and name not in ("antigravity.py", "this.py")]`).toJs();
const fine = stock.runPython(importing)(stock.toPy(modules)).toJs();
const trimmed = await loadPyodide({ indexURL: folder, stdLibURL: target });
const still = new Set(trimmed.runPython(importing)(trimmed.toPy(fine)).toJs());
const broken = fine.filter((name) => !still.has(name));
if (broken.length) throw new Error("leaving modules out broke the import of " + broken.join(", "));
console.log(`${modules.length} modules kept; all ${fine.length} that stock Pyodide imports can be imported`);

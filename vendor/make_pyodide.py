"""Make the in-page Python again: one classic script that holds Pyodide's core and a precompiled standard library.

Called by make_vendor.py. A page opened from a folder may load nothing but classic scripts, so all travels in one:
`globalThis.bookpressRuntime = {version, script, wasm, stdlib}`, each part compressed and written in base64.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import subprocess
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIZE_LIMIT = 9_000_000
# A made-up place, for the parts that Pyodide would fetch; the worker answers for it from the bundle.
BASE = "local://book/"
# What a page cannot use (processes, windows, sockets, other systems) or no reader of a book needs, by prefix.
LEFT_OUT = [
    *(
        "_pyrepl/windows",
        "asyncio/windows",
        "bdb.py",
        "cProfile",
        "concurrent/futures/process",
        "concurrent/futures/interp",
    ),
    *(
        "concurrent/interpreters",
        "ctypes",
        "doctest",
        "ftplib",
        "http/server.py",
        "imaplib",
        "logging/config",
        "logging/handlers",
    ),
    *("mailbox.py", "modulefinder", "multiprocessing", "netrc", "nturl2path", "optparse", "pathlib/_local", "pdb.py"),
    *("pickletools.py", "plistlib", "poplib", "profile", "pstats", "pyclbr", "shelve", "smtplib"),
    *("socketserver", "sqlite3/", "tabnanny", "tarfile.py", "trace.py", "unittest", "urllib/robot", "wave"),
    *("webbrowser", "wsgiref", "xml/", "xmlrpc", "zipapp"),
]
# Of the character sets: Unicode, ASCII, Latin-1, the one that names in archives use, and the text codecs.
ENCODINGS = {
    *("__init__", "aliases", "ascii", "base64_codec", "charmap", "cp437", "hex_codec", "idna", "latin_1", "punycode"),
    *("raw_unicode_escape", "rot_13", "undefined", "unicode_escape", "utf_16", "utf_16_be", "utf_16_le", "utf_32"),
    *("utf_32_be", "utf_32_le", "utf_8", "utf_8_sig", "zlib_codec"),
}


def make(package: Path, scratch: Path, target: Path) -> None:
    """Write the runtime script of an unpacked Pyodide package.

    Raises
    ------
    SystemExit
        If a text transform no longer fits the package, or the script is larger than a book should carry.
    """
    left_out, stdlib = scratch / "left-out.json", scratch / "stdlib.zip"
    with zipfile.ZipFile(package / "python_stdlib.zip") as library:
        sets = [name for name in library.namelist() if re.fullmatch(r"encodings/\w+\.py", name)]
    unused = [name for name in sets if Path(name).stem not in ENCODINGS]
    left_out.write_text(json.dumps([*LEFT_OUT, *unused]), encoding="utf-8")
    subprocess.run(["node", str(HERE / "compile_stdlib.mjs"), str(package), str(left_out), str(stdlib)], check=True)
    script = scratch / "script.mjs"
    script.write_text(_script(package), encoding="utf-8")
    subprocess.run(["node", "--check", str(script)], check=True)  # finds an import or export left inside a function
    parts = {
        "version": json.loads((package / "package.json").read_text(encoding="utf-8"))["version"],
        "script": _packed(script.read_bytes()),
        "wasm": _packed((package / "pyodide.asm.wasm").read_bytes()),
        "stdlib": _packed(stdlib.read_bytes()),
    }
    text = f"globalThis.bookpressRuntime={json.dumps(parts, separators=(',', ':'))};\n"
    if len(text) > SIZE_LIMIT:
        raise SystemExit(f"{target.name} would hold {len(text)} bytes, {SIZE_LIMIT} are allowed: leave more out")
    target.write_text(text, encoding="utf-8")


def _script(package: Path) -> str:
    """Return both modules of Pyodide as function bodies, for a worker that can import nothing.

    They stand in the worker's own text, so that the page may forbid `eval`.
    """
    machine = (package / "pyodide.asm.mjs").read_text(encoding="utf-8")
    machine = _once(r"export default _createPyodideModule;\s*", "return _createPyodideModule;\n", machine)
    machine = re.sub(r"import\.meta\.url", json.dumps(BASE + "pyodide.asm.js"), machine)
    loader = (package / "pyodide.mjs").read_text(encoding="utf-8")
    loader = _once(r"\n//# sourceMappingURL=.*\n?", "\n", loader)
    loader = _once(r"export\s*\{\s*([\w$]+) as loadPyodide,\s*[\w$]+ as version\s*\};?", r"return \1;", loader)
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8")) | {"packages": {}}
    if "import.meta" in machine + loader:
        raise SystemExit("Pyodide has changed: import.meta is left in its script; mend make_pyodide.py")
    return (
        f"const createPyodideModule=(()=>{{{machine}\n}})();\n"
        f"const loadPyodide=(()=>{{{loader}\n}})();\n"
        f"const pyodideLock={json.dumps(lock, separators=(',', ':'))},pyodideBase={json.dumps(BASE)};\n"
    )


def _once(pattern: str, replacement: str, text: str) -> str:
    changed, count = re.subn(pattern, replacement, text)
    if count != 1:
        raise SystemExit(f"Pyodide has changed: {pattern!r} fits {count} times, not once; mend make_pyodide.py")
    return changed


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")

"""The PDF of the book beside that of XeLaTeX, where it is installed."""

from __future__ import annotations

import shutil

from benchmarks.builds import PLAIN, copy_book
from benchmarks.lines import SCRATCH, Cost, Line, against, alternate, cost, wall

NAME = "PDF / XeLaTeX"
BAR = 0.2


def lines() -> list[Line]:
    """Measure only the last step of each side: Typst and XeLaTeX from their written sources."""
    if not (shutil.which("xelatex") and shutil.which("latexmk")):
        return [Line(NAME, None, BAR, note="XeLaTeX is not installed")]
    import sys
    from pathlib import Path

    folder = copy_book(SCRATCH / "paper")
    (folder / "plain.yml").write_text(PLAIN + "latex: {use_jupyterbook_latex: false}\n", encoding="utf-8")
    program = str(Path(sys.executable).with_name("jupyter-book"))
    env = {"PYTHONPATH": str(folder / "src"), "BITEBOOK_DATA": str(folder / "data")}
    common = [program, "build", str(folder / "chapters"), "--toc", str(folder / "_toc.yml")]
    written = folder / "_plain" / "_build" / "latex"
    plain = ["--config", str(folder / "plain.yml"), "--path-output", str(folder / "_plain")]
    cost([*common, *plain, "--builder", "custom", "--custom-builder", "latex"], cwd=folder, env=env)
    cost([sys.executable, "-m", "bookpress", "build"], cwd=folder, env={"PYTHONPATH": str(folder / "src")})
    sources = folder / "_build" / ".work" / "reader" / "bookpdf" / "_build" / ".bookpdf"
    compiling = (
        "import sys; from pathlib import Path; from bookpress.print.typst_compiler import Press; "
        "root = Path(sys.argv[1]); print(Press(root).compile(root / 'print-bitebook.typ', root / 'bench.pdf'))"
    )

    def ours() -> Cost:
        return cost([sys.executable, "-c", compiling, str(sources)], cwd=folder, env=env)

    def theirs() -> Cost:
        cost(["latexmk", "-C"], cwd=written)
        tex = next(file.name for file in sorted(written.glob("*.tex")))
        return cost(["latexmk", "-xelatex", "-interaction=nonstopmode", "-f", tex], cwd=written)

    typst, xelatex = alternate(ours, theirs)
    return [Line(NAME, wall(typst) / wall(xelatex), BAR, note=against(typst, xelatex))]

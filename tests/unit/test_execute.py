"""Running chapters: what a cell printed reaches the page in one piece, however the kernel cut it."""

from __future__ import annotations

from pathlib import Path

from jupyter_cache import get_cache
from nbformat.v4 import new_output

from bookpress.execute import execute_missing, joined_streams

SLOW_PRINTER = """---
kernelspec: {name: python3, display_name: Python 3}
---
# A chapter

```{code-cell} ipython3
import sys, time
print("299", end="")
sys.stdout.flush()
time.sleep(0.1)
print(" infants")
```
"""


def test_pieces_of_one_stream_are_joined_where_the_first_stood() -> None:
    picture = new_output("display_data", data={"text/plain": "picture"})
    joined = joined_streams(
        [
            new_output("stream", name="stdout", text="299"),
            new_output("stream", name="stderr", text="w"),
            picture,
            new_output("stream", name="stdout", text=" infants\n"),
        ]
    )
    assert [(one.output_type, one.get("text")) for one in joined] == [
        ("stream", "299 infants\n"),
        ("stream", "w"),
        ("display_data", None),
    ]


def test_a_line_that_the_kernel_sent_in_two_pieces_is_one_line_in_the_cache(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(SLOW_PRINTER, encoding="utf-8")
    assert execute_missing(chapters=tmp_path, cache_dir=tmp_path / "cache", timeout_s=60) == 1
    (record,) = get_cache(str(tmp_path / "cache")).list_cache_records()
    (cell,) = get_cache(str(tmp_path / "cache")).get_cache_bundle(record.pk).nb.cells[-1:]
    assert [output.text for output in cell.outputs] == ["299 infants\n"]

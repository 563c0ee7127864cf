"""No run of eight words of the source review may stand in the book: facts carry over, wording is ours.

The review itself is not here. `review_8grams.bin` holds the first eight bytes of the SHA-256 of each of its runs of
eight words (lower case, letters and digits alone), sorted.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STORE = (Path(__file__).parent / "review_8grams.bin").read_bytes()
KNOWN = {STORE[start : start + 8] for start in range(0, len(STORE), 8)}
TEXTS = sorted([*ROOT.glob("chapters/**/*.md"), *ROOT.glob("data/**/*.csv"), *ROOT.glob("data/**/*.yaml")])


def shared_runs(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    runs = (" ".join(words[start : start + 8]) for start in range(len(words) - 7))
    return [run for run in runs if hashlib.sha256(run.encode()).digest()[:8] in KNOWN]


def test_the_store_knows_the_review() -> None:
    # a sentence of the review, so that an empty or wrong store cannot pass for clean chapters
    assert len(KNOWN) > 4000
    assert shared_runs("Vital to their function, BiTE are small molecules devoid of the antibody constant region")


@pytest.mark.parametrize("text", TEXTS, ids=lambda file: file.name)
def test_no_eight_words_of_the_review(text: Path) -> None:
    assert not shared_runs(text.read_text(encoding="utf-8"))

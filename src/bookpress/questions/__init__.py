"""The question bank: read it, compute its numbers, and refuse items that are badly written or badly sourced."""

from __future__ import annotations

from bookpress.questions.lint import lint_bank, lint_numbers
from bookpress.questions.load import BankError, load_bank, load_banks
from bookpress.questions.model import Bank, Item, NumericAnswer, Option, Problem, Value
from bookpress.questions.values import Provider, resolve_bank, resolve_item

__all__ = [
    "Bank",
    "BankError",
    "Item",
    "NumericAnswer",
    "Option",
    "Problem",
    "Provider",
    "Value",
    "lint_bank",
    "lint_numbers",
    "load_bank",
    "load_banks",
    "resolve_bank",
    "resolve_item",
]

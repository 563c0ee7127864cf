"""Random and hostile arguments with a fixed seed, and what every answer to them must fulfill.

``FUZZ_CASES`` sets how many calls all fuzz tests make together (``make fuzz``: a million), ``FUZZ_SEED`` another start.
"""

from __future__ import annotations

import dataclasses
import decimal
import enum
import math
import os
import random
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

#: Below the smallest normal float a number has no digits left to compare.
DIGITLESS = 1e-290

CASES = int(os.environ.get("FUZZ_CASES", "20000"))
SEED = int(os.environ.get("FUZZ_SEED", "7"))
Arguments = dict[str, Any]
Make = Callable[[random.Random], Arguments]
Holds = Callable[[Arguments, Any], None]
#: A function, how to make a good call of it, what must hold of its answer, and its share of all cases.
Target = tuple[Callable[..., Any], Make, Holds, float]


class _Raises:
    def __float__(self) -> float:
        raise RuntimeError("no number")


class _Complains:
    """An object that cannot even be shown."""

    def __repr__(self) -> str:
        raise RuntimeError("no picture")


class _NotANumber(float):
    def __new__(cls) -> _NotANumber:
        return super().__new__(cls, math.nan)


class _Whole(enum.IntEnum):
    ONE = 1


def hostile(random_: random.Random) -> Any:
    """Return a value that a form, a file, or a careless program might pass."""
    if random_.random() < 0.3:
        return random_.choice((1, -1)) * 10.0 ** random_.uniform(-320, 308)
    if random_.random() < 0.2:
        return random_.choice((1, -1)) * random_.getrandbits(random_.choice((1, 4, 8, 31, 64, 200, 2000, 40000)))
    return random_.choice(_STRANGE)


_STRANGE: tuple[Any, ...] = (
    math.nan, math.inf, -math.inf, -0.0, 0.0, 0, -1, 1e308, 5e-324, 2**63, 10**400, 10**5000, -(10**5000), True, False,
    None, "", "21", "21 kg", "21,5", "٢١", "２１", "²", "nan", "inf", "1e3", "0x15", "21\n", "21\x00", b"21",
    bytearray(b"21"), "x" * 100_000, "<script>alert(1)</script>", "\u202e12", "mosteller ", "CRS", "crs\x00",
    Decimal("21"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e999999"), Decimal("-0"),
    Fraction(21, 2), Fraction(1, 10**400), 21 + 0j, 1j, np.float64(21), np.float32("nan"), np.float64("inf"),
    np.int64(3), np.uint8(200), np.bool_(True), np.str_("21"), np.array(21.0), np.array([21.0]), np.array([1.0, 2.0]),
    np.array([]), np.complex128(21), np.datetime64("2026-01-01"), np.timedelta64(21, "D"), np.longdouble(21),
    np.float16(21), [], [21], (), (21,), {}, {"a": 1}, {1, 2}, range(3), object(), type, len, _Raises(), _Complains(),
    _NotANumber(), _Whole.ONE, date(2026, 1, 5), datetime(2026, 1, 5, 12), date.max, Ellipsis, NotImplemented,
    ValueError("x"),
)  # fmt: skip


def near(random_: random.Random, low: float, high: float, *edges: float) -> float:
    """Return a number in a range, often at an edge or a hair beside one."""
    if random_.random() < 0.25:
        edge = random_.choice((low, high, *edges))
        beside = random_.choice((edge, math.nextafter(edge, low), math.nextafter(edge, high)))
        return min(max(beside, low), high)
    if low > 0 and high / low > 1e3 and random_.random() < 0.5:
        return min(max(math.exp(random_.uniform(math.log(low), math.log(high))), low), high)
    return random_.uniform(low, high)


def numbers_of(result: object) -> list[float]:
    """Return every number of a result, also those of results inside it."""
    if isinstance(result, (bool, str)) or result is None:
        return []
    if isinstance(result, (int, float)):
        return [float(result)]
    if isinstance(result, (tuple, list)):
        return [number for part in result for number in numbers_of(part)]
    if dataclasses.is_dataclass(result):
        return [x for field in dataclasses.fields(result) for x in numbers_of(getattr(result, field.name))]
    return []


def refusal(function: Callable[..., Any], arguments: Mapping[str, Any]) -> tuple[Any, str]:
    """Call; return the result and no text, or nothing and the text of the ValueError. Anything else fails the test."""
    try:
        result = function(**arguments)
    except ValueError as problem:
        said = str(problem)
        assert type(problem) is ValueError, f"{function.__name__}: {type(problem).__name__}: {said[:200]}"
        assert 20 < len(said) < 600 and "\n" not in said, f"{function.__name__} says {said[:300]!r}"
        assert any(name in said for name in arguments), f"{function.__name__} names no argument: {said}"
        return None, said
    except decimal.DecimalException as problem:
        raise AssertionError(f"{function.__name__}({shown(arguments)}) let {problem!r} out") from problem
    except Exception as problem:
        raise AssertionError(f"{function.__name__}({shown(arguments)}) raised {problem!r:.300}") from problem
    for number in numbers_of(result):
        assert math.isfinite(number), f"{function.__name__}({shown(arguments)}) gave {number}"
    return result, ""


def shown(arguments: Mapping[str, Any]) -> str:
    """Return arguments as text, whatever they are."""
    parts = []
    for name, value in arguments.items():
        try:
            parts.append(f"{name}={value!r:.80}")
        except Exception as problem:
            parts.append(f"{name}=<{type(value).__name__}: {problem}>")
    return ", ".join(parts)


def attack(random_: random.Random, function: Callable[..., Any], good: Arguments) -> tuple[Arguments, Any]:
    """Replace one argument of a good call by a hostile value; the refusal must name it, the value, and the range."""
    name = random_.choice(sorted(good))
    tried = {**good, name: hostile(random_)}
    result, said = refusal(function, tried)
    if said:
        assert name in said or any(other in said for other in tried), f"{function.__name__} hides {name}: {said}"
        assert "got " in said or "=" in said, f"{function.__name__} does not show the value: {said}"
    return tried, result


def name_of(target: Target) -> str:
    """Return the name of a target, for the list of tests."""
    return target[0].__name__


def run(target: Target) -> None:
    """Call a function so often: half with good arguments, a third with one hostile one, the rest with several."""
    function, make, holds, share = target
    cases = max(60, round(CASES * share))
    random_ = random.Random(f"{function.__module__}.{function.__name__} {SEED}")
    answered = 0
    for case in range(cases):
        tried = make(random_)
        if case % 6 < 3:
            result = refusal(function, tried)[0]
        elif case % 6 < 5:
            tried, result = attack(random_, function, tried)
        else:
            tried = {name: hostile(random_) if random_.random() < 0.5 else value for name, value in tried.items()}
            result = refusal(function, tried)[0]
        if result is None:
            continue
        answered += 1
        try:
            holds(tried, result)
        except Exception as problem:
            told = f"{function.__name__}({shown(tried)}) gave {str(result)[:600]}: {problem!r}"
            raise AssertionError(told) from problem
    assert answered > cases / 5, f"{function.__name__} answered {answered} of {cases} calls only: the calls are no good"

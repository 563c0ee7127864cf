"""Line drawings as SVG text, in pure Python, for pages where no plotting library runs.

A drawing takes the color of the text around it, so that it can be read on a light and on a dark page; lines differ in
dash and carry their names, so that color is never the only cue. No ids, no styles, no scripts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bitebook import validate

WIDTH, HEIGHT = 360, 262
_LEFT, _RIGHT, _TOP, _BOTTOM = 50, 352, 58, 218
_DASHES = ("", "7 4", "2 3")
_HATCH = 4
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart: its name and its points, x rising."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the x axis that is hatched and named, for example a time without infusion."""

    name: str
    start: float
    end: float


def line_chart(
    *,
    lines: Sequence[Line],
    x_label: str,
    y_label: str,
    title: str,
    description: str,
    spans: Sequence[Span] = (),
    x_step: float | None = None,
) -> str:
    """Return a line chart as one SVG element.

    Parameters
    ----------
    lines
        One to three lines; the first is solid and thick, the others dashed.
    x_label, y_label
        What the axes show, with the unit. The y axis begins at 0.
    title, description
        Read to those who do not see the drawing.
    spans
        Stretches of the x axis to hatch.
    x_step
        Distance of the ticks of the x axis; a round number by default.

    Raises
    ------
    ValueError
        If there is no line or more than three, a line has fewer than two points, its x do not rise, or a number is
        not finite.

    Examples
    --------
    >>> flat = Line("level", (0, 1, 2), (0, 5, 5))
    >>> chart = line_chart(lines=[flat], x_label="Days", y_label="pg/mL", title="A level", description="It rises.")
    >>> chart.startswith("<svg "), "<title>A level</title>" in chart
    (True, True)
    """
    _check(lines)
    x_low, x_high = min(line.xs[0] for line in lines), max(line.xs[-1] for line in lines)
    y_ticks = ticks(0.0, max(max(line.ys) for line in lines) or 1.0)
    frame = _Frame(x_low, x_high, y_ticks[-1])
    parts = [_hatch(span, frame) for span in spans]
    parts += [_y_tick(value, frame) for value in y_ticks]
    parts += [_x_tick(value, frame) for value in ticks(x_low, x_high, step=x_step) if x_low <= value <= x_high]
    parts.append(f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" stroke="currentColor" stroke-width="1"/>')
    # The first line is drawn last, on top of what it is compared with.
    parts += [_path(line, place, frame) for place, line in reversed(list(enumerate(lines)))]
    parts += _legend(lines)
    parts.append(_text((_LEFT + _RIGHT) / 2, HEIGHT - 6, x_label, anchor="middle"))
    parts.append(_text(4, 12, y_label))
    spoken = escape(f"{title}. {description}", quote=True)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="calc-drawing" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{spoken}" font-family="\'DejaVu Sans\', Verdana, sans-serif" font-size="12" fill="currentColor">'
    )
    return f"{head}<title>{escape(title)}</title><desc>{escape(description)}</desc>{''.join(parts)}</svg>"


def ticks(low: float, high: float, *, step: float | None = None) -> list[float]:
    """Return round numbers from `low` or below to `high` or above, three to seven of them if no step is asked for.

    Examples
    --------
    >>> ticks(0, 616), ticks(0, 28, step=7)
    ([0.0, 200.0, 400.0, 600.0, 800.0], [0, 7, 14, 21, 28])
    """
    if step is None:
        raw = (high - low) / 5
        scale = 10.0 ** math.floor(math.log10(raw))
        step = next(scale * size for size in _STEPS if scale * size >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * count for count in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class _Frame:
    """From values to places on the drawing."""

    x_low: float
    x_high: float
    y_high: float

    def x(self, value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (value - self.x_low) / (self.x_high - self.x_low)

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / self.y_high


def _check(lines: Sequence[Line]) -> None:
    if not 1 <= len(lines) <= len(_DASHES):
        raise ValueError(f"lines must hold one to {len(_DASHES)} lines, got {len(lines)}")
    for line in lines:
        if len(line.xs) < 2 or len(line.xs) != len(line.ys):
            raise ValueError(f"the line {line.name!r} must have two points or more, and as many x as y")
        for value in (*line.xs, *line.ys):
            validate.number(f"a point of the line {line.name!r}", value, unit="", low=-1e12, high=1e12)
        if any(later <= earlier for earlier, later in zip(line.xs, line.xs[1:], strict=False)):
            raise ValueError(f"the x of the line {line.name!r} must rise from point to point")


def _path(line: Line, place: int, frame: _Frame) -> str:
    points = [(f"{frame.x(x):.1f}", f"{frame.y(y):.1f}") for x, y in zip(line.xs, line.ys, strict=True)]
    # Where a line runs level, its two ends are enough.
    level = {i for i in range(1, len(points) - 1) if points[i - 1][1] == points[i][1] == points[i + 1][1]}
    kept = " ".join(f"{x},{y}" for i, (x, y) in enumerate(points) if i not in level)
    return f'<polyline points="{kept}" {_stroke(place)}/>'


def _stroke(place: int) -> str:
    dash = f' stroke-dasharray="{_DASHES[place]}"' if _DASHES[place] else ""
    width = "1.5" if place else "2.5"
    return (
        f'class="calc-line-{place}" fill="none" stroke="currentColor" stroke-width="{width}" '
        f'stroke-linejoin="round"{dash}'
    )


def _legend(lines: Sequence[Line]) -> list[str]:
    """Return the names of the lines above the drawing, each behind a piece of its own line."""
    parts, x = [], float(_LEFT)
    for place, line in enumerate(lines):
        parts.append(f'<path d="M{x:.0f} 30h22" {_stroke(place)}/>')
        parts.append(_text(x + 27, 34, line.name))
        x += 27 + 6.6 * len(line.name) + 14
    return parts


def _hatch(span: Span, frame: _Frame) -> str:
    """Return a hatched stretch; drawn as single strokes, because a pattern would need an id."""
    start, end = max(frame.x(span.start), _LEFT), min(frame.x(span.end), _RIGHT)
    if end <= start:
        return ""
    count = math.ceil((end - start) / _HATCH)
    strokes = "".join(f"M{start + _HATCH * place:.1f} {_TOP}V{_BOTTOM}" for place in range(count))
    edges = f"M{start:.1f} {_TOP}V{_BOTTOM}M{end:.1f} {_TOP}V{_BOTTOM}"
    middle = min(max((start + end) / 2, _LEFT + 34), _RIGHT - 34)
    return (
        f'<path d="{strokes}" stroke="currentColor" stroke-width="0.6" opacity="0.45"/>'
        f'<path d="{edges}" stroke="currentColor" stroke-width="1" stroke-dasharray="2 2"/>'
        + _text(middle, _TOP - 3, span.name, anchor="middle", size=11)
    )


def _x_tick(value: float, frame: _Frame) -> str:
    x = frame.x(value)
    mark = f'<path d="M{x:.1f} {_BOTTOM}v5" stroke="currentColor"/>'
    return mark + _text(x, _BOTTOM + 18, f"{value:g}", anchor="middle")


def _y_tick(value: float, frame: _Frame) -> str:
    y = frame.y(value)
    rule = f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="currentColor" stroke-width="0.5" opacity="0.35"/>'
    return rule + _text(_LEFT - 5, y + 4, f"{value:g}", anchor="end")


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> str:
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    sized = "" if size == 12 else f' font-size="{size}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{placed}{sized}>{escape(text)}</text>'

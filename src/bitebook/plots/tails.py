"""What one-sided and two-sided mean, as areas under one curve."""

from __future__ import annotations

import math
from statistics import NormalDist

from matplotlib.axes import Axes

from bitebook import style


def tail_areas(*, z: float, sides: int, ax: Axes | None = None) -> Axes:
    r"""Draw the standard normal curve and shade the area a P value counts.

    One-sided: :math:`P = \Phi(-|z|)`; two-sided: :math:`P = 2\Phi(-|z|)`.

    Parameters
    ----------
    z
        Test statistic, from -5 to 5, not 0.
    sides
        1 (the tail on the side of `z`) or 2 (both).
    ax
        Axes to draw on; a new figure when ``None``.

    Raises
    ------
    ValueError
        If z or sides is out of range.
    """
    if isinstance(z, bool) or not math.isfinite(z) or not 0 < abs(z) <= 5:
        raise ValueError(f"z must be a number from -5 to 5, not 0, got {z!r}")
    if sides not in (1, 2) or isinstance(sides, bool):
        raise ValueError(f"sides must be 1 or 2, got {sides!r}")
    bell = NormalDist()
    reach = max(3.4, abs(z) + 0.5)
    x = [-reach + 2 * reach * i / 400 for i in range(401)]
    tail = bell.cdf(-abs(z))
    with style.canvas(ax, height_in=2.9) as drawn:
        drawn.plot(x, [bell.pdf(value) for value in x], color=style.BLACK)
        for sign in (-1, 1):
            if sides == 2 or sign * z > 0:
                part = [sign * (abs(z) + (reach - abs(z)) * i / 60) for i in range(61)]
                drawn.fill_between(
                    part,
                    [bell.pdf(value) for value in part],
                    facecolor="#f0b78d",
                    edgecolor=style.TEXT[style.VERMILLION],
                    hatch="//",
                    linewidth=1,
                )
                drawn.annotate(
                    f"area\n{tail:.4f}",
                    (sign * (abs(z) + 0.35), bell.pdf(abs(z) + 0.35)),
                    ha="center",
                    xytext=(sign * 16, 30),
                    textcoords="offset points",
                    color=style.TEXT[style.VERMILLION],
                    fontweight="bold",
                    arrowprops={"arrowstyle": "-", "color": style.GRAY},
                )
        drawn.set_title(f"{'One' if sides == 1 else 'Two'}-sided P = {sides * tail:.3f}")
        drawn.set_ylim(0, 0.44)
        drawn.set_yticks([])
        drawn.spines["left"].set_visible(False)
        drawn.set_xlabel("Test statistic z, if there were no difference")
    return drawn

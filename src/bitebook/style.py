"""One look for every figure: colors, marks, fonts, and a reproducible SVG. Import changes nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

# --- Okabe-Ito subset -----------------------------------------------------------------------------
BLACK: Final = "#000000"
BLUE: Final = "#0072b2"  # T cell
VERMILLION: Final = "#d55e00"  # leukemia, harm
GREEN: Final = "#009e73"  # BiTE, blinatumomab
PURPLE: Final = "#cc79a7"  # granules, third series
INK: Final = "#333333"  # control arm, ordinary text
GRAY: Final = "#595959"  # notes; 7:1 on white
RULE: Final = "#c8c8c8"  # grid and frames that carry no data
PAPER: Final = "#ffffff"

# The same hues, dark enough for text (at least 4.5:1 on white).
TEXT: Final[dict[str, str]] = {GREEN: "#00694d", VERMILLION: "#a34700", PURPLE: "#8a3f6b", BLUE: "#005a8c", INK: INK}

WIDTH_IN: Final = 5.6  # 538 px on a page; on a phone, 390 px from edge to edge, the text stays above 10 px
FONT_PT: Final = 11.5
SMALL_PT: Final = 10.5  # 14 px at natural size; nothing is set smaller
CORNER_IN: Final = 0.09
HASH_SALT: Final = "bitebook"

_DRAW: Final[dict[Any, Any]] = {
    "font.family": "sans-serif",
    # DejaVu Sans measures the layout; Verdana is its twin on Windows and macOS.
    "font.sans-serif": ["DejaVu Sans", "Verdana"],
    "font.size": FONT_PT,
    "axes.titlesize": FONT_PT,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": FONT_PT,
    "axes.labelcolor": INK,
    "axes.edgecolor": GRAY,
    "axes.linewidth": 1.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.grid": False,
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.minor.visible": False,
    "ytick.minor.visible": False,
    "lines.linewidth": 2.2,
    "lines.markersize": 9,
    "hatch.linewidth": 1.2,
    "legend.frameon": False,
    "legend.fontsize": SMALL_PT,
    "figure.facecolor": "none",  # the white ground is drawn with rounded corners instead
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.w_pad": 0.1,
    "figure.constrained_layout.h_pad": 0.1,
}
_SAVE: Final[dict[Any, Any]] = {
    "svg.fonttype": "none",  # text stays text: it can be selected, searched, and read aloud
    "svg.hashsalt": HASH_SALT,
    "savefig.facecolor": "auto",
    "savefig.bbox": None,
    "savefig.dpi": 200,
}
_METADATA: Final[dict[str, None]] = {"Date": None, "Creator": None}


@dataclass(frozen=True, slots=True)
class ArmStyle:
    """How one treatment arm is drawn; shape and dash repeat what the color says."""

    color: str
    text_color: str
    marker: str
    filled: bool
    linestyle: str

    @property
    def face(self) -> str:
        """Fill color of the marker: its own color, or paper for an open one."""
        return self.color if self.filled else PAPER


_BLINATUMOMAB = ArmStyle(GREEN, TEXT[GREEN], "o", True, "-")
_CONTROL = ArmStyle(INK, INK, "s", False, "--")
_HISTORICAL = ArmStyle(GRAY, GRAY, "D", False, ":")
_OTHER = ArmStyle(BLUE, TEXT[BLUE], "^", True, "-.")


def arm_style(arm: str) -> ArmStyle:
    """Return the fixed look of a treatment arm.

    Parameters
    ----------
    arm
        Arm as in the evidence tables. Any name that starts with "blinatumomab" is green and round, "historical" gray
        and a diamond, "chemotherapy", "control", or "standard" black and square; all others are blue and a triangle.

    Examples
    --------
    >>> arm_style("blinatumomab").marker, arm_style("chemotherapy").filled
    ('o', False)
    """
    name = arm.strip().lower()
    if name.startswith("blinatumomab"):
        return _BLINATUMOMAB
    if name.startswith("historical"):
        return _HISTORICAL
    if name.startswith(("chemotherapy", "control", "standard", "consolidation chemotherapy")):
        return _CONTROL
    return _OTHER


def setup() -> None:
    """Make a notebook show every figure as reproducible SVG; a chapter calls it once, in its first (hidden) cell.

    It is the one function of the package that changes Matplotlib's settings for the whole session: text stays text, ids
    come from a fixed salt, no date is written, and the picture is not cropped, so that the same points always give the
    same type size. Outside a notebook only these save settings change.
    """
    mpl.rcParams.update(_SAVE)
    mpl.rcParams["font.sans-serif"] = _DRAW["font.sans-serif"]
    from IPython.core.getipython import get_ipython

    if get_ipython() is None:
        return
    mpl.rcParams["font.size"] = SMALL_PT  # what a chapter writes into a finished figure is no smaller than the rest
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    set_matplotlib_formats("svg", metadata=dict(_METADATA), bbox_inches=None)  # type: ignore[no-untyped-call]


@contextmanager
def figure(*, width_in: float = WIDTH_IN, height_in: float = 3.4) -> Iterator[tuple[Figure, Axes]]:
    """Open a figure of the book's style; what is drawn inside the ``with`` block takes it on.

    Parameters
    ----------
    width_in, height_in
        Size in inches, above 0. Keep the default width: type is sized for it.

    Yields
    ------
    tuple
        The figure and its axes.

    Examples
    --------
    >>> with figure(height_in=2) as (fig, ax):
    ...     _ = ax.plot([0, 1], [0, 1])
    >>> plt.close(fig)
    """
    for name, value in (("width_in", width_in), ("height_in", height_in)):
        if not 0 < value <= 20:
            raise ValueError(f"{name} must be a number above 0, up to 20 inches, got {value!r}; draw fewer rows")
    with mpl.rc_context(_DRAW):
        fig, ax = plt.subplots(figsize=(width_in, height_in))
        fig.add_artist(_ground(width_in, height_in, fig))
        try:
            yield fig, ax
        except BaseException:
            plt.close(fig)  # else a notebook would show the half-drawn figure under the error
            raise
        _settle(fig)


@contextmanager
def canvas(ax: Axes | None, *, height_in: float, width_in: float = WIDTH_IN) -> Iterator[Axes]:
    """Yield `ax` itself, or the axes of a new figure when it is ``None``; both drawn in the book's style."""
    if ax is None:
        with figure(width_in=width_in, height_in=height_in) as (_, own):
            yield own
    else:
        with mpl.rc_context(_DRAW):
            yield ax
            _settle(ax.get_figure(root=True))


def legend_above(ax: Axes, *, columns: int) -> None:
    """Name the marks above the axes, at the left edge of the figure's content."""
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=columns,
        fontsize=FONT_PT,
        handletextpad=0.3,
        columnspacing=1.2,
        borderaxespad=0.2,
    )


def svg(shown: Figure | Axes, *, title: str | None = None) -> str:
    """Return a figure as SVG text, byte for byte the same in every run.

    Parameters
    ----------
    shown
        A figure, or the axes a function of `bitebook.plots` returned.
    title
        Written as the ``<title>`` element.
    """
    fig = shown.get_figure(root=True) if isinstance(shown, Axes) else shown
    if fig is None:
        raise ValueError("shown must be a figure, or axes that belong to one")
    stream = io.BytesIO()
    metadata: dict[str, str | None] = dict(_METADATA)
    if title is not None:
        metadata["Title"] = title
    with mpl.rc_context({**_SAVE, "font.sans-serif": _DRAW["font.sans-serif"]}):
        fig.savefig(stream, format="svg", metadata=metadata)
    return stream.getvalue().decode("utf-8")


def _ground(width_in: float, height_in: float, fig: Figure) -> FancyBboxPatch:
    """Opaque white with rounded corners: the figure looks the same on a light page, a dark page, and paper."""
    ground = FancyBboxPatch(
        (0, 0),
        width_in,
        height_in,
        boxstyle=f"round,pad=0,rounding_size={CORNER_IN}",
        facecolor=PAPER,
        edgecolor="none",
        transform=fig.dpi_scale_trans,
        zorder=-100,
    )
    ground.set_in_layout(False)
    return ground


def _settle(fig: Any) -> None:
    """Create every lazy part (ticks, their labels) while the style still holds."""
    if isinstance(fig, Figure):
        fig.draw_without_rendering()

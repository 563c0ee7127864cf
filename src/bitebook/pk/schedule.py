"""Building and cutting infusion schedules: step dosing, interruption, restart."""

from __future__ import annotations

from collections.abc import Iterable

from bitebook import validate
from bitebook.pk import limits
from bitebook.pk.infusions import Infusion, checked


def step_schedule(*, steps: Iterable[tuple[float, float]], start_h: float = 0.0) -> tuple[Infusion, ...]:
    """Turn a dosing course into infusions, one step directly after the other.

    Parameters
    ----------
    steps
        Pairs of (mcg_per_day, days): rate 0 to 10000 mcg/day (0 is a pause), duration above 0, up to 1000 days.
    start_h
        When the first step begins, 0 to 1e6 h.

    Returns
    -------
    tuple of Infusion
        In order; a pause leaves a gap.

    Raises
    ------
    ValueError
        If a step is not a pair of numbers in range, or there is none.

    Notes
    -----
    Not a dose calculator: the course comes from :mod:`bitebook.dosing` or from the reader.

    References
    ----------
    clements2020 : constant-rate infusions.

    Examples
    --------
    >>> [(i.start_h, i.end_h, i.rate_mcg_per_day) for i in step_schedule(steps=[(9, 7), (28, 21)])]
    [(0.0, 168.0, 9.0), (168.0, 672.0, 28.0)]
    """
    pairs = limits.listed(steps, "steps must be a list of (mcg_per_day, days)")
    clock = limits.moment("start_h", start_h)
    course: list[Infusion] = []
    count = 0
    for count, step in enumerate(pairs, start=1):
        if not isinstance(step, (tuple, list)) or len(step) != 2:
            raise ValueError(f"steps[{count - 1}] must be a pair (mcg_per_day, days), got {validate.picture(step)}")
        rate = limits.rate(f"steps[{count - 1}] rate", step[0])
        days = validate.number(f"steps[{count - 1}] duration", step[1], unit="days", low=0, high=1000, low_open=True)
        end = clock + days * limits.HOURS_PER_DAY
        if rate > 0:
            course.append(Infusion(start_h=clock, end_h=end, rate_mcg_per_day=rate))
        clock = end
    if count == 0:
        raise ValueError("steps must hold at least one pair (mcg_per_day, days), got none")
    return tuple(course)


def interrupted(
    *, infusions: Iterable[Infusion], start_h: float, duration_h: float, make_up: bool = False
) -> tuple[Infusion, ...]:
    """Stop the pump for a while and restart it.

    Parameters
    ----------
    infusions
        The course as planned.
    start_h
        When the pump stops, 0 to 1e6 h.
    duration_h
        How long it stands still, 0 to 1e6 h.
    make_up
        ``False``: what falls into the gap is lost and the course ends as planned. ``True``: everything after the stop
        moves back by the length of the gap, so the whole dose is given.

    Returns
    -------
    tuple of Infusion
        The course with the gap cut out.

    Raises
    ------
    ValueError
        If a number is out of range or something other than :class:`Infusion` is passed.

    Notes
    -----
    Says nothing about whether, when, or at which dose treatment may restart: that is a matter of the current label.

    References
    ----------
    clements2020 : constant-rate infusions.

    Examples
    --------
    >>> course = step_schedule(steps=[(28, 2)])
    >>> [(i.start_h, i.end_h) for i in interrupted(infusions=course, start_h=20, duration_h=4)]
    [(0.0, 20.0), (24.0, 48.0)]
    >>> [(i.start_h, i.end_h) for i in interrupted(infusions=course, start_h=20, duration_h=4, make_up=True)]
    [(0.0, 20.0), (24.0, 52.0)]
    """
    courses = checked(infusions)
    stop = limits.moment("start_h", start_h)
    gap = limits.moment("duration_h", duration_h)
    if not isinstance(make_up, bool):
        raise ValueError(f"make_up must be True or False, got {validate.picture(make_up)}")
    if gap == 0:
        return courses
    restart = stop + gap
    shift = gap if make_up else 0.0
    pieces: list[Infusion] = []
    for item in courses:
        if item.start_h < stop:
            pieces.append(_piece(item, item.start_h, min(item.end_h, stop)))
        resumes = max(item.start_h, stop) + shift if make_up else max(item.start_h, restart)
        if item.end_h > stop and item.end_h + shift > resumes:
            pieces.append(_piece(item, resumes, item.end_h + shift))
    return tuple(sorted(pieces, key=lambda item: (item.start_h, item.end_h)))


def _piece(item: Infusion, start_h: float, end_h: float) -> Infusion:
    return Infusion(start_h=start_h, end_h=end_h, rate_mcg_per_day=item.rate_mcg_per_day)

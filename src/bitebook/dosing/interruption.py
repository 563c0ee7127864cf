"""After an interruption: same cycle or new cycle, how many days are left, premedication, and supervision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bitebook import validate
from bitebook.dosing import patient, rules, table
from bitebook.dosing.support import HOURS_MAX
from bitebook.dosing.table import shown

HOURS_PER_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Restart:
    """What the label asks after an interruption.

    ``same_cycle`` is ``None`` when the label's rows do not say; ``remaining_infusion_days`` is what the restarted cycle
    still holds: the rest of the same cycle, or a whole new one.
    """

    premedicate: bool
    supervise: bool
    same_cycle: bool | None
    remaining_infusion_days: float | None
    steps: tuple[str, ...]
    rule_ids: tuple[str, ...]
    label_version: str
    status: str

    @property
    def mark(self) -> str:
        """Return the dagger if a rule was not verified against the current label, else empty text."""
        return table.mark(self.status)

    @property
    def working(self) -> tuple[str, ...]:
        """Return the steps with the rules they come from."""
        return (*self.steps, f"rules: {', '.join(self.rule_ids)} ({self.label_version})")


def after_interruption(
    *,
    indication: str,
    age_group: str,
    cycle: int,
    infusion_days_given: float,
    hours: float | None = None,
    days: float | None = None,
    adverse_event: bool = True,
) -> Restart:
    """Return what the label asks when an interrupted infusion is to run again.

    The rest of a cycle is its infusion days minus the days already given.

    Parameters
    ----------
    indication
        "relapsed-refractory", "mrd-positive", or "consolidation".
    age_group
        "adult" or "pediatric".
    cycle
        The interrupted cycle, 1 to 9 or 1 to 4.
    infusion_days_given
        Days of infusion given in this cycle before the interruption, 0 to 28; part of a day counts as such.
    hours, days
        Length of the interruption in hours or in days, 0 to 10000 h: exactly one of the two.
    adverse_event
        True if an adverse event was the reason: the rule of same or new cycle is printed for that case.

    Returns
    -------
    Restart
        Premedication, supervision, same or new cycle, days left, and the steps in words.

    Raises
    ------
    ValueError
        For a number outside its range, an unknown word, or if both or neither of `hours` and `days` are given.

    Notes
    -----
    Whether to restart at all, and at which dose, depends on the event: see `modification`.

    References
    ----------
    blincyto2025 : Dosage and Administration 2.4.

    Examples
    --------
    >>> again = after_interruption(indication="relapsed-refractory", age_group="pediatric", cycle=1,
    ...                            infusion_days_given=9, days=3)
    >>> again.same_cycle, again.remaining_infusion_days, again.premedicate
    (True, 19.0, True)
    >>> after_interruption(indication="consolidation", age_group="pediatric", cycle=2, infusion_days_given=9,
    ...                    hours=3.5).premedicate
    False
    """
    indication = patient.indication(indication)
    age_group = validate.choice("age_group", age_group, allowed=rules.AGE_GROUPS)
    cycle = patient.cycle(cycle, indication=indication)
    if not isinstance(adverse_event, bool):
        raise ValueError(f"adverse_event must be True or False, got {validate.picture(adverse_event)}")
    short, long, restart = (_rule(key) for key in ("interruption-short", "interruption-long", "interruption-restart"))
    total = short.number("infusion_days")
    given = validate.number("infusion_days_given", infusion_days_given, unit="days", low=0, high=total)
    gap_hours = _gap_hours(hours, days)
    steps, used = [f"interruption of {gap_hours:g} h ({shown(gap_hours / HOURS_PER_DAY, 2)} days)"], [restart]

    same: bool | None = gap_hours <= long.number("value") * HOURS_PER_DAY
    rule = short if same else long
    if adverse_event:
        used.append(rule)
        steps.append(f"{rule.event}: {rule.action}")
    elif same is False:
        same = None
        steps.append("longer than the limit but not after an adverse event: the rows say neither same nor new cycle")
    else:
        used.append(rule)
        steps.append(f"{rule.action} (printed for adverse events; a pause for another reason is treated alike)")
    left = None if same is None else (total - given if same else total)
    if left is not None:
        count = f"{total:g} − {given:g} = {left:g}" if same else f"{left:g}"
        steps.append(f"infusion days {'left in this cycle' if same else 'in the new cycle'}: {count}")
    if same is False and cycle == rules.max_cycles(indication):
        steps.append(f"cycle {cycle} is the last of the label's course: the rows do not say whether another may follow")

    over = left == 0
    supervise = not over and gap_hours >= restart.number("value")
    premedicate = supervise and _steroid_due(indication, age_group, cycle)
    steps.append(
        "all infusion days of this cycle were given: no infusion is left to restart"
        if over
        else _restart_line(restart, supervise, premedicate, age_group)
    )
    return Restart(
        premedicate=premedicate,
        supervise=supervise,
        same_cycle=same,
        remaining_infusion_days=left,
        steps=tuple(steps),
        rule_ids=tuple(rule.id for rule in used),
        label_version="; ".join(dict.fromkeys(rule.label_version for rule in used)),
        status=table.weakest(tuple(rule.status for rule in used)),
    )


def _rule(key: str) -> rules.Rule:
    return rules.the_one([rule for rule in rules.rules("interruption") if rule.event_key == key], key)


def _gap_hours(hours: object, days: object) -> float:
    if (hours is None) == (days is None):
        raise ValueError(
            "hours or days must be given, exactly one of the two, "
            f"got hours={validate.picture(hours)} and days={validate.picture(days)}"
        )
    if days is None:
        return validate.number("hours", hours, unit="h", low=0, high=HOURS_MAX)
    return HOURS_PER_DAY * validate.number("days", days, unit="days", low=0, high=HOURS_MAX / HOURS_PER_DAY)


def _steroid_due(indication: str, age_group: str, cycle: int) -> bool:
    """Return whether the premedication rule of this patient reaches the cycle that was interrupted.

    The rows do not say how a new cycle after a long interruption is numbered. They speak of an interruption "in the
    first cycle", so for a child the interrupted cycle decides; it is also the safer reading.
    """
    found = [
        rule
        for rule in rules.rules("premedication")
        if rule.region == "US" and rule.indication == indication and rule.age_group == age_group
    ]
    return rules.the_one(found, f"the premedication of {indication}, {age_group}").holds_for_cycle(cycle)


def _restart_line(restart: rules.Rule, supervise: bool, premedicate: bool, age_group: str) -> str:
    if not supervise:
        return f"shorter than {restart.number('value'):g} h: no premedication and no supervision asked for by this rule"
    if premedicate:
        return f"{restart.event}: premedicate again and supervise the restart"
    return f"{restart.event}: supervise the restart; no premedication ({age_group}, not the first cycle)"

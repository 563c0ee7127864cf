"""Figures: each function takes rows or numbers and ``ax=None``, draws, and returns the axes; import draws nothing."""

from bitebook.plots.adverse_events import adverse_event_dumbbell
from bitebook.plots.calendar import dose_calendar
from bitebook.plots.concentration import concentration_time, distribution, dose_by_weight
from bitebook.plots.flow import bag_content, enrollment_flow
from bitebook.plots.forest import forest, proportions
from bitebook.plots.icons import icon_array
from bitebook.plots.resistance import resistance_denominators
from bitebook.plots.survival import survival_landmarks
from bitebook.plots.tails import tail_areas
from bitebook.plots.timeline import timeline

__all__ = [
    "adverse_event_dumbbell",
    "bag_content",
    "concentration_time",
    "distribution",
    "dose_by_weight",
    "dose_calendar",
    "enrollment_flow",
    "forest",
    "icon_array",
    "proportions",
    "resistance_denominators",
    "survival_landmarks",
    "tail_areas",
    "timeline",
]

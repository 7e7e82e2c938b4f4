"""Spans of time, read and written as people do."""

from durations.formatting import format_duration
from durations.parsing import parse
from durations.timesheet import total

__all__ = ["format_duration", "parse", "total"]

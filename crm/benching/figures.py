"""Figures as lines: one JSON object each, durations in milliseconds unless the unit says otherwise."""

from collections.abc import Sequence
from statistics import median
from typing import Any


def line(name: str, value: float, unit: str, n: int, **more: Any) -> dict[str, Any]:
    """Return one line of a measurement."""
    return {"name": name, "value": round(value, 3), "unit": unit, "n": n, **more}


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many per cent of the sorted values do not exceed (nearest rank)."""
    return values[max(0, -(-percent * len(values) // 100) - 1)]


def spread(name: str, milliseconds: Sequence[float], **more: Any) -> dict[str, Any]:
    """Return a line of durations: the median is the value, beside it p50, p95 and p99."""
    rows = sorted(milliseconds)
    marks = {f"p{percent}": round(percentile(rows, percent), 3) for percent in (95, 99)}
    return line(name, median(rows), "ms", len(rows), p50=round(median(rows), 3), **marks, **more)

"""Recency, frequency, monetary value: quintiles and the segment they name.

The cut-offs are published with each run: a customer's scores can be checked by hand.
"""

from typing import Any

import numpy as np
from django.utils.translation import gettext_noop

SEGMENTS = (
    # name, recency from-to, frequency from-to (5 is best); the first that fits counts
    (gettext_noop("Champions"), (4, 5), (4, 5)),
    (gettext_noop("Loyal"), (3, 5), (3, 5)),
    (gettext_noop("New"), (4, 5), (1, 1)),
    (gettext_noop("Promising"), (3, 5), (1, 2)),
    (gettext_noop("At risk"), (1, 2), (3, 5)),
    (gettext_noop("Hibernating"), (1, 2), (1, 2)),
)


def cuts(values: Any) -> list[float]:
    """Return the four values that cut a population into fifths."""
    return [float(value) for value in np.quantile(np.asarray(values, dtype=float), [0.2, 0.4, 0.6, 0.8])]


def fifth(values: Any, edges: Any) -> Any:
    """Return 1 to 5: how many of the edges a value lies above, plus one."""
    return np.searchsorted(np.asarray(edges), np.asarray(values, dtype=float), side="left") + 1


def score(recency: Any, frequency: Any, monetary: Any, edges: dict[str, list[float]]) -> tuple[Any, Any, Any]:
    """Return the three fifths of each customer; the shorter the recency the better."""
    r = 6 - fifth(recency, edges["recency"])
    return r, fifth(frequency, edges["frequency"]), fifth(monetary, edges["monetary"])


def segment(r: int, f: int) -> str:
    """Return the name for fifths of recency and frequency."""
    for name, (r_low, r_high), (f_low, f_high) in SEGMENTS:
        if r_low <= r <= r_high and f_low <= f <= f_high:
            return name
    return "Hibernating"


TABLE = {(r, f): segment(r, f) for r in range(1, 6) for f in range(1, 6)}

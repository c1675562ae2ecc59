"""Purchases out of the extract: whose, when, and which lines; moved in time so that the year ends yesterday."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from crm.demo.extract import Extract
from crm.lib import clock

LAST_DAY = 364
"""The last day of the extract, counted from its first midnight; a Sunday, as the first one was."""
FEW_LINES = 3
"""Lines that are kept of a basket when a household is thinned."""
FEW_ORDERS = 4.77
"""Baskets a thinned household keeps on average; with FEW_LINES and those who stop early this makes ten lines."""
STOPPED = 0.25
"""Share of thinned households that stop buying on some day of the year."""


@dataclass(frozen=True)
class Chosen:
    """Baskets and their lines. Baskets lie in the order of (customer, time); lines in the order of their baskets."""

    customer: Any
    """Place of the customer in the caller's order, one entry a basket."""
    at: Any
    """When, as datetime64 in minutes, UTC."""
    count: Any
    """Lines of each basket."""
    cents: Any
    """Sum of each basket."""
    line: Any
    """Places of the lines in the extract's arrays."""


def year_start(now: datetime | None = None) -> tuple[Any, Any]:
    """Return the moment the year begins and the moment it is cut off, which is the last local midnight.

    Moved by whole weeks, so that a Sunday stays a Sunday. Hence the last days of the extract may lie in the future:
    these are cut off.
    """
    zone = clock.zone("")
    today = clock.local(now or clock.now(), zone).date()
    yesterday = today - timedelta(days=1)
    last = yesterday + timedelta(days=(6 - yesterday.weekday()) % 7)
    end = clock.day_bounds(today, zone)[0].replace(tzinfo=None)
    return np.datetime64(last - timedelta(days=LAST_DAY), "m"), np.datetime64(end, "m")


def _spread(start: Any, count: Any) -> Any:
    """Return the ranges start[i] … start[i] + count[i] - 1, one after the other."""
    first = np.cumsum(count) - count
    return np.repeat(start - first, count) + np.arange(int(count.sum()))


def _choose(extract: Extract, customer: Any, basket: Any, most_lines: int | None) -> Chosen:
    begin, cut = year_start()
    at = begin + extract.arrays["basket_minute"][basket].astype("timedelta64[m]")
    past = at < cut
    customer, basket, at = customer[past], basket[past], at[past]
    count = extract.arrays["basket_lines"][basket].astype(np.int64)
    if most_lines:
        count = np.minimum(count, most_lines)
    line = _spread(extract.line_start[basket], count)
    first = np.cumsum(count) - count
    cents = np.add.reduceat(extract.arrays["line_cents"][line], first) if len(first) else first
    return Chosen(customer, at, count, cents, line)


def everything(extract: Extract, households: Any) -> Chosen:
    """Return all baskets of these households with all their lines."""
    start = extract.basket_start[households]
    count = extract.basket_start[households + 1] - start
    return _choose(extract, np.repeat(np.arange(len(households)), count), _spread(start, count), None)


def thinned(extract: Extract, households: Any, rng: np.random.Generator) -> Chosen:
    """Return a sample of these households' baskets, ten lines a household on average; the busy are thinned most."""
    start = extract.basket_start[households]
    count = extract.basket_start[households + 1] - start
    customer = np.repeat(np.arange(len(households)), count)
    basket = _spread(start, count)
    mean = np.sqrt(np.diff(extract.basket_start)).mean()
    share = FEW_ORDERS / mean / np.sqrt(count)
    stop = np.where(rng.random(len(households)) < STOPPED, rng.random(len(households)), 1.0) * (LAST_DAY + 2) * 1440
    kept = rng.random(len(basket)) < share[customer]
    kept &= extract.arrays["basket_minute"][basket] <= stop[customer]
    return _choose(extract, customer[kept], basket[kept], FEW_LINES)

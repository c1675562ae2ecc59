"""Purchase days into what the models read. Pure functions over arrays; nothing here knows a database."""

from dataclasses import dataclass
from typing import Any

import numpy as np

WEEK = 7.0


@dataclass(frozen=True)
class Purchases:
    """Purchase days, sorted by (customer, day): one row a day on which a customer bought something.

    `start[i]` to `start[i + 1]` bound the rows of `customers[i]`; `day` counts whole days, `value` is money.
    """

    customers: Any
    start: Any
    day: Any
    value: Any

    @classmethod
    def of(cls, customer: Any, day: Any, value: Any) -> "Purchases":
        """Group rows that are sorted by (customer, day); days that end below zero are returns."""
        bought = np.asarray(value) >= 0  # something given away was a purchase too
        customer, day, value = np.asarray(customer)[bought], np.asarray(day)[bought], np.asarray(value)[bought]
        customers, first = np.unique(customer, return_index=True)
        return cls(customers, np.append(first, len(customer)), day.astype(float), value.astype(float))

    def until(self, day: float) -> "Purchases":
        """Return the purchases before a day, as one would have known them then."""
        kept = self.day < day
        owner = np.repeat(self.customers, np.diff(self.start))
        return Purchases.of(owner[kept], self.day[kept], self.value[kept])

    def take(self, count: int) -> "Purchases":
        """Return about `count` customers, evenly spread over the keys, always the same ones."""
        step = max(1, len(self.customers) // max(count, 1))
        chosen = np.zeros(len(self.customers), dtype=bool)
        chosen[::step] = True
        rows = np.repeat(chosen, np.diff(self.start))
        owner = np.repeat(self.customers, np.diff(self.start))
        return Purchases.of(owner[rows], self.day[rows], self.value[rows])


@dataclass(frozen=True)
class Summary:
    """One row a customer, times in weeks: the sufficient statistics of the purchase models, and plain counts."""

    customers: Any
    x: Any
    t_x: Any
    t: Any
    m: Any
    """Mean value of the repeat purchases, 0 without any."""
    total: Any
    orders: Any
    recent: Any
    """Purchases in the last 90 days."""
    before: Any
    """Purchases in the 90 days before those."""


def summarise(bought: Purchases, as_of: float) -> Summary:
    """Return the summary at a day; customers must have bought before it."""
    first_row, last_row = bought.start[:-1], bought.start[1:] - 1
    count = np.diff(bought.start)
    first, last = bought.day[first_row], bought.day[last_row]
    total = _sum(bought.value, bought.start)
    x = count - 1.0
    repeat = total - bought.value[first_row]
    ago = as_of - bought.day
    return Summary(
        bought.customers, x, (last - first) / WEEK, np.maximum(as_of - first, 0) / WEEK,
        np.divide(repeat, x, out=np.zeros_like(repeat), where=x > 0), total, count.astype(float),
        _sum((ago <= 90).astype(float), bought.start), _sum(((ago > 90) & (ago <= 180)).astype(float), bought.start),
    )  # fmt: skip


def _sum(values: Any, start: Any) -> Any:
    if len(start) < 2:
        return np.zeros(0)
    return np.add.reduceat(values, start[:-1]) if len(values) else np.zeros(len(start) - 1)

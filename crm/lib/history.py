"""Change history by database triggers: no ordinary write path goes round it."""

from collections.abc import Callable
from typing import Any

import pghistory


def track(*, exclude: list[str] | None = None, inserts: bool = True, **options: Any) -> Callable[[type], type]:
    """Record inserts, updates and deletes of a model in an append-only event table.

    `exclude` leaves noisy columns out: an update of these alone makes no event. Without `inserts` the row itself is
    the record of how it came in: for tables of millions of rows that are hardly ever changed.
    """
    return pghistory.track(
        *([pghistory.InsertEvent()] if inserts else []),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        exclude=exclude,
        **options,
    )

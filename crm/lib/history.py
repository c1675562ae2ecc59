"""Change history by database triggers: no ordinary write path goes round it."""

from collections.abc import Callable
from typing import Any

import pghistory


def track(*, exclude: list[str] | None = None, **options: Any) -> Callable[[type], type]:
    """Record inserts, updates and deletes of a model in an append-only event table.

    `exclude` leaves noisy columns out: an update of these alone makes no event.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        exclude=exclude,
        **options,
    )

"""Publish and deliver domain events, at least once, oldest first per subject."""

import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any, dataclass_transform

from celery import current_app
from django.db import connection, transaction

from crm.events.models import OutboxEvent
from crm.lib.clock import now

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 12
LONGEST_PAUSE = timedelta(hours=1)
DELIVER_TASK = "crm.events.tasks.deliver"

_types: dict[str, type] = {}
_subscribers: dict[str, list[Callable[[Any], None]]] = defaultdict(list)


@dataclass_transform(frozen_default=True)
def event(*, subject: str) -> Callable[[type], type]:
    """Declare a class of events: a frozen dataclass whose field `subject` says whose order is kept.

    Fields must survive JSON: numbers, strings, booleans, lists of these.
    """

    def decorate(cls: type) -> type:
        made: Any = dataclass(frozen=True)(cls)
        if subject not in made.__dataclass_fields__:
            raise TypeError(f"{cls.__name__} has no field {subject!r}.")
        made.subject_field = subject  # type: ignore[attr-defined]
        _types[cls.__name__] = made
        return made

    return decorate


def subscribe(cls: type) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Declare a receiver: it runs in a worker after commit, may run twice, and so must be idempotent."""

    def decorate(fn: Callable[[Any], None]) -> Callable[[Any], None]:
        if fn not in _subscribers[cls.__name__]:
            _subscribers[cls.__name__].append(fn)
        return fn

    return decorate


def publish(evt: Any) -> None:
    """Write the event in the present transaction and wake a worker once it is committed."""
    name = type(evt).__name__
    field = type(evt).subject_field
    subject = f"{field}:{getattr(evt, field)}"
    OutboxEvent.objects.create(name=name, subject=subject, payload=asdict(evt), not_before=now())
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Ask a worker to deliver; without Redis the sweep does it a little later."""
    current_app.send_task(DELIVER_TASK, queue="default", expires=60, ignore_result=True)


def _claim() -> OutboxEvent | None:
    """Lock the oldest event that is due and is the first of its subject; call inside a transaction."""
    return (
        OutboxEvent.objects.raw(
            """
            SELECT * FROM events_outboxevent AS first
            WHERE delivered_at IS NULL AND gave_up_at IS NULL AND not_before <= %s AND NOT EXISTS (
                SELECT 1 FROM events_outboxevent AS earlier
                WHERE earlier.subject = first.subject AND earlier.id < first.id
                  AND earlier.delivered_at IS NULL AND earlier.gave_up_at IS NULL)
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
            """,
            [now()],
        )[:1]
        or [None]
    )[0]


def _hand_out(row: OutboxEvent) -> None:
    """Run every subscriber of one event in a savepoint; what fails is tried again later, all of it."""
    try:
        with transaction.atomic():
            evt = _types[row.name](**row.payload)
            for receive in _subscribers[row.name]:
                receive(evt)
        row.delivered_at = now()
        row.save(update_fields=["delivered_at"])
    except Exception as error:
        logger.exception("Event %s was not delivered (attempt %s)", row, row.attempts + 1)
        row.attempts += 1
        row.last_error = repr(error)[:2000]
        row.not_before = now() + min(timedelta(seconds=2**row.attempts), LONGEST_PAUSE)
        row.gave_up_at = now() if row.attempts >= MOST_ATTEMPTS else None
        row.save(update_fields=["attempts", "last_error", "not_before", "gave_up_at"])


def deliver_pending(limit: int = 500) -> int:
    """Deliver what is due, one transaction an event; returns how many were taken up."""
    for count in range(limit):
        with transaction.atomic():
            row = _claim()
            if row is None:
                return count
            _hand_out(row)
    transaction.on_commit(partial(wake))
    return limit


def prune(older_than: timedelta = timedelta(days=14)) -> int:
    """Forget delivered events; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_outboxevent WHERE delivered_at < %s", [now() - older_than])
        return cursor.rowcount

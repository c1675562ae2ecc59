"""Effects: what leaves the process is a row first, and is done once.

A handler gets `(payload, attempt_id, repeat)`. The attempt id never changes; when `repeat` is true an earlier attempt
may have come through although its end was not seen, so the handler looks before it repeats. It raises to be tried
again, and `Refused` when there is no point in it. While it works the worker holds an advisory lock on the effect; a
running effect whose lock is free was left behind by a worker that died, and is repeated at the next sweep.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction

from crm.events.models import Effect, EffectState
from crm.lib import locks
from crm.lib.clock import now
from crm.lib.errors import DomainError

logger = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any], str, bool], None]
RUN_TASK = "crm.events.tasks.run_effect"
MOST_ATTEMPTS = 8
PENDING = (EffectState.READY, EffectState.RUNNING)

_handlers: dict[str, Handler] = {}
_queues: dict[str, str] = {}


def effect_handler(kind: str, *, queue: str = "default") -> Callable[[Handler], Handler]:
    """Declare who carries out effects of a kind, and on which Celery queue."""

    def decorate(fn: Handler) -> Handler:
        _handlers[kind] = fn
        _queues[kind] = queue
        return fn

    return decorate


def effect(kind: str, payload: dict[str, Any], *, key: str, delay: timedelta = timedelta(0)) -> Effect:
    """Write an effect in the present transaction; the same key again is the same effect."""
    row, created = Effect.objects.get_or_create(
        key=key,
        defaults={"kind": kind, "payload": payload, "queue": _queues[kind], "not_before": now() + delay},
    )
    if created and not delay:
        transaction.on_commit(partial(wake, row.pk, row.queue), robust=True)
    return row


def wake(effect_id: int, queue: str) -> None:
    """Ask a worker to carry the effect out; the sweep is the safety net."""
    current_app.send_task(RUN_TASK, args=[effect_id], queue=queue, expires=60, ignore_result=True)


def _claim(effect_id: int) -> Effect | None:
    """Take an effect that is due; call it with the lock held, so that a running one is known to be left behind."""
    row = Effect.objects.filter(pk=effect_id).first()
    if row is None or row.state not in PENDING or (row.state == EffectState.READY and row.not_before > now()):
        return None
    row.state, row.attempts = EffectState.RUNNING, row.attempts + 1
    row.save(update_fields=["state", "attempts"])
    return row


def run(effect_id: int) -> None:
    """Carry out one effect if it is due and nobody else is at it."""
    with locks.advisory(locks.EFFECT, effect_id) as held:
        if held and (row := _claim(effect_id)):
            _carry_out(row)


def _carry_out(row: Effect) -> None:
    if row.attempts > MOST_ATTEMPTS:
        _finish(row, EffectState.FAILED, "Given up: the worker died at each attempt.")
        return
    try:
        _handlers[row.kind](row.payload, str(row.attempt_id), row.attempts > 1)
    except DomainError as refusal:
        _finish(row, EffectState.FAILED, refusal.message)
    except Exception as error:
        logger.exception("Effect %s failed (attempt %s)", row, row.attempts)
        again = EffectState.FAILED if row.attempts >= MOST_ATTEMPTS else EffectState.READY
        row.not_before = now() + timedelta(seconds=2**row.attempts)
        _finish(row, again, repr(error)[:2000])
    else:
        _finish(row, EffectState.DONE, "")


def _finish(row: Effect, state: EffectState, error: str) -> None:
    row.state, row.last_error = state, error
    row.done_at = now() if state != EffectState.READY else None
    row.save(update_fields=["state", "last_error", "done_at", "not_before"])


def sweep(limit: int = 200) -> int:
    """Wake every effect that is due or whose worker is gone; returns how many."""
    rows = Effect.objects.filter(state__in=PENDING, not_before__lte=now()).order_by("not_before")[:limit]
    count = 0
    for row in rows:
        if row.state == EffectState.READY or locks.is_free(locks.EFFECT, row.pk):
            wake(row.pk, row.queue)
            count += 1
    return count

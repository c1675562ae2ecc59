"""Start, run, report on and stop long work.

A handler is `run(job)`. It must be resumable: it reads `job.checkpoint`, commits each chunk together with
`progress(job, …, checkpoint=…)`, and may so be killed anywhere. While it works the worker holds an advisory lock on
the job; a running job whose lock is free was left behind, and the sweep queues it again.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from crm import live
from crm.jobs.models import LIVE_STATES, Job, JobState
from crm.lib import locks
from crm.lib.clock import now
from crm.lib.errors import DomainError

logger = logging.getLogger(__name__)
RUN_TASK = "crm.jobs.tasks.run"
MOST_ATTEMPTS = 20

_handlers: dict[str, Callable[[Job], None]] = {}
_queues: dict[str, str] = {}


class Stopped(Exception):
    """Raised inside a handler when somebody asked the job to stop."""


def handler(kind: str, *, queue: str = "default") -> Callable[[Callable[[Job], None]], Callable[[Job], None]]:
    """Declare who runs jobs of a kind, and on which Celery queue."""

    def decorate(fn: Callable[[Job], None]) -> Callable[[Job], None]:
        _handlers[kind] = fn
        _queues[kind] = queue
        return fn

    return decorate


def start(kind: str, *, title: str, owner: Any, payload: dict[str, Any] | None = None, url: str = "") -> Job:
    """Queue a job; a worker takes it up as soon as the present transaction is committed."""
    job = Job.objects.create(
        kind=kind, title=title[:200], owner=owner, payload=payload or {}, queue=_queues[kind], url=url
    )
    transaction.on_commit(partial(wake, job), robust=True)
    return job


def wake(job: Job) -> None:
    """Ask a worker to run the job."""
    current_app.send_task(RUN_TASK, args=[job.pk], queue=job.queue, ignore_result=True)


def progress(
    job: Job,
    *,
    done: int | None = None,
    total: int | None = None,
    message: str | None = None,
    checkpoint: dict[str, Any] | None = None,
    result: dict[str, Any] | None = None,
) -> None:
    """Write how far the job is, and what it needs to go on from here. Raises Stopped when asked to stop."""
    values = {"done": done, "total": total, "message": message, "checkpoint": checkpoint, "result": result}
    changed = {name: value for name, value in values.items() if value is not None}
    for name, value in changed.items():
        setattr(job, name, value)
    job.save(update_fields=list(changed))
    live.publish(f"job:{job.pk}", "job-changed")
    if Job.objects.filter(pk=job.pk, stop_asked=True).exists():
        raise Stopped


def run(job_id: int) -> None:
    """Run a job unless another worker is at it; a second copy of the message does nothing."""
    with locks.advisory(locks.JOB, job_id) as held:
        job = Job.objects.filter(pk=job_id, state__in=LIVE_STATES).first() if held else None
        if job is None:
            return
        job.state, job.attempts, job.started_at = JobState.RUNNING, job.attempts + 1, job.started_at or now()
        job.save(update_fields=["state", "attempts", "started_at"])
        live.publish(f"job:{job.pk}", "job-changed")
        _run_held(job)


def _run_held(job: Job) -> None:
    try:
        if job.stop_asked:
            raise Stopped
        _handlers[job.kind](job)
    except Stopped:
        _end(job, JobState.STOPPED, _("Stopped. What was done until then is kept."))
    except DomainError as error:
        _end(job, JobState.FAILED, error.message)
    except Exception as error:
        logger.exception("Job %s failed", job.pk)
        _end(job, JobState.FAILED, f"{type(error).__name__}: {error}")
    else:
        _end(job, JobState.DONE, job.message)


def _end(job: Job, state: JobState, message: str) -> None:
    job.state, job.message, job.ended_at = state, message[:300], now()
    job.save(update_fields=["state", "message", "ended_at"])
    live.publish(f"job:{job.pk}", "job-changed")


def stop(job: Job, *, actor: Any) -> None:
    """Ask a job to stop after its present chunk. Raises DomainError when it is over."""
    if not Job.objects.filter(pk=job.pk, state__in=LIVE_STATES).update(stop_asked=True):
        raise DomainError(_("This is over already."))


def sweep() -> int:
    """Queue again what waits without a message or was left behind by a dead worker; returns how many."""
    count = 0
    for job in Job.objects.filter(state__in=LIVE_STATES).order_by("id")[:100]:
        if not locks.is_free(locks.JOB, job.pk):
            continue
        if job.attempts >= MOST_ATTEMPTS:
            _end(job, JobState.FAILED, _("Given up after %(n)d interrupted attempts.") % {"n": job.attempts})
            continue
        wake(job)
        count += 1
    return count

"""Celery's side of long work, and the signs of life that `/readyz` and `/metrics` look for."""

from typing import Any

from celery import shared_task
from celery.signals import heartbeat_sent
from django.core.cache import cache

from crm.jobs import services
from crm.lib.clock import now

WORKER_KEY, CLOCK_KEY = "worker-seen", "clock-seen"
KEPT = 600
"""Seconds a sign of life is kept."""


@shared_task
def run(job_id: int) -> None:
    """Run one job."""
    services.run(job_id)


@shared_task
def sweep() -> None:
    """Take up what was left behind."""
    services.sweep()


@shared_task
def heartbeat() -> None:
    """Leave a sign that beat sends and a worker does."""
    cache.set(CLOCK_KEY, now().timestamp(), timeout=KEPT)


@heartbeat_sent.connect
def worker_lives(**kwargs: Any) -> None:
    """Leave a sign of life from the worker's main process: one whose pool is busy for an hour is no dead one."""
    cache.set(WORKER_KEY, now().timestamp(), timeout=KEPT)

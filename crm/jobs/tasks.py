"""Celery's side of long work, and the sign of life that `/readyz` looks for."""

from celery import shared_task
from django.core.cache import cache

from crm.jobs import services
from crm.lib.clock import now

HEARTBEAT_KEY = "worker-seen"


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
    """Leave a sign of life."""
    cache.set(HEARTBEAT_KEY, now().timestamp(), timeout=600)

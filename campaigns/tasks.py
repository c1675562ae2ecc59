"""Celery's side of campaigns."""

from celery import shared_task

from campaigns.services import calling


@shared_task
def release_stale() -> None:
    """Put back what was left in hand."""
    calling.release_stale()

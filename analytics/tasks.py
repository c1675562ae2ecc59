"""Celery's side of scoring."""

from celery import shared_task

from analytics.services import scoring
from crm.accounts.system import system_user


@shared_task
def help_scoring(run_id: int) -> None:
    """Score ranges of a run."""
    scoring.help_out(run_id)


@shared_task
def nightly() -> None:
    """Score everybody."""
    scoring.start(actor=system_user())

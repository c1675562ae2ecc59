"""Celery's side of the outbox."""

from celery import shared_task

from crm.events import effects, outbox


@shared_task
def deliver() -> None:
    """Deliver pending events."""
    outbox.deliver_pending()


@shared_task
def run_effect(effect_id: int) -> None:
    """Carry out one effect."""
    effects.run(effect_id)


@shared_task
def sweep_effects() -> None:
    """Take up what was left behind."""
    effects.sweep()


@shared_task
def prune() -> None:
    """Forget old delivered events."""
    outbox.prune()

"""Celery's side of the contact centre."""

from celery import shared_task

from contactcentre.services import dialler, watch


@shared_task
def sweep() -> None:
    """Offers, routing, entries: each second."""
    watch.sweep()


@shared_task
def reconcile() -> None:
    """Calls we have heard nothing of."""
    watch.reconcile()


@shared_task
def dial() -> None:
    """Dial for free agents."""
    dialler.tick()

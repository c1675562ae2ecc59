"""Where a ticket can stand, and what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketStatus(models.TextChoices):
    """New, worked on, waiting for the customer, solved, over."""

    NEW = "new", _("New")
    OPEN = "open", _("Working")
    WAITING = "waiting", _("Waiting for customer")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


class Priority(models.TextChoices):
    """How urgent."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


S = TicketStatus
ALIVE = (S.NEW, S.OPEN, S.WAITING)
MOVES: dict[str, frozenset[str]] = {
    S.NEW: frozenset({S.OPEN, S.WAITING, S.RESOLVED}),
    S.OPEN: frozenset({S.WAITING, S.RESOLVED}),
    S.WAITING: frozenset({S.OPEN, S.RESOLVED}),
    S.RESOLVED: frozenset({S.OPEN, S.CLOSED}),
    S.CLOSED: frozenset({S.OPEN}),
}
LEVELS = {S.NEW: "warning", S.OPEN: "accent", S.WAITING: "none", S.RESOLVED: "positive", S.CLOSED: "none"}

"""Tickets, what was said in them, and how soon they are due."""

from datetime import time
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.models import Party
from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history
from crm.lib.clock import now
from service.states import ALIVE, Priority, TicketStatus


@history.track()
class Calendar(models.Model):
    """Business hours: the same from `opens` to `closes` on the chosen weekdays, closed on holidays."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default=settings.DEFAULT_USER_TIME_ZONE)
    opens = models.TimeField(_("opens"), default=time(8))
    closes = models.TimeField(_("closes"), default=time(18))
    weekdays = models.JSONField(_("weekdays, 0 is Monday"), default=list)
    holidays = models.JSONField(_("holidays, as 2026-12-25"), default=list, blank=True)

    def __str__(self) -> str:
        return self.name


@history.track()
class SlaPolicy(models.Model):
    """How soon a ticket of a priority is answered and solved, in business minutes."""

    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, unique=True)
    first_response_minutes = models.PositiveIntegerField(_("first response, minutes"))
    resolution_minutes = models.PositiveIntegerField(_("resolution, minutes"))
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")

    def __str__(self) -> str:
        return str(self.get_priority_display())


class TicketQuerySet(VisibleQuerySet):
    """A ticket is seen by its owner's circle and by whoever sees the customer."""

    kind = "service"

    def restrict(self, owners: set[int], user: Any) -> Self:
        """Keep what these users own, as ticket or as customer."""
        return self.filter(Q(owner_id__in=owners) | Q(customer__owner_id__in=owners))

    def alive(self) -> Self:
        """Keep what is not solved."""
        return self.filter(status__in=ALIVE)

    def overdue(self) -> Self:
        """Keep what is late: no first answer, or no solution, in time."""
        moment = now()
        late = Q(resolution_due__lt=moment) | Q(first_response_due__lt=moment, first_responded_at=None)
        return self.alive().filter(late).exclude(status=TicketStatus.WAITING)

    def search(self, words: str) -> Self:
        """Find by number, subject or customer."""
        text = words.strip()
        digits = text.upper().removeprefix("T-")
        if digits.isdigit() and len(digits) < 19:
            return self.filter(pk=int(digits))
        return self.filter(
            Q(subject__icontains=text) | Q(customer_id__in=Party.objects.search(text).values("customer_id")[:500])
        )


@history.track(exclude=["updated_at"])
class Ticket(models.Model):
    """Something a customer needs solved."""

    subject = models.CharField(_("subject"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=TicketStatus.choices, default=TicketStatus.NEW)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("customer"))
    contact = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("owner"),
    )  # fmt: skip
    channel = models.CharField(_("channel"), max_length=12, default="phone")
    source_call_id = models.BigIntegerField(null=True, blank=True)
    first_response_due = models.DateTimeField(_("first response due"))
    resolution_due = models.DateTimeField(_("resolution due"))
    first_responded_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(fields=["resolution_due"], condition=Q(status__in=ALIVE), name="ticket_due"),
            models.Index(fields=["customer", "status"], name="ticket_customer"),
            models.Index(fields=["owner", "status"], name="ticket_owner"),
            models.Index(fields=["source_call_id"], condition=Q(source_call_id__isnull=False), name="ticket_of_call"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"

    @property
    def number(self) -> str:
        """The number people say on the telephone."""
        return f"T-{self.pk}"

    def get_absolute_url(self) -> str:
        """The ticket's page."""
        return reverse("service:ticket", args=[self.pk])


class TicketMessage(models.Model):
    """One thing said in a ticket: a public reply, an inside note, or what the customer said."""

    KINDS = [("reply", _("Reply")), ("note", _("Note")), ("customer", _("From the customer"))]
    STATES = [("kept", _("Kept")), ("queued", _("On its way")), ("sent", _("Sent")), ("failed", _("Not sent"))]
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=10, choices=KINDS)
    body = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    to_address = models.EmailField(blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=STATES, default="kept")
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    objects: Any = models.Manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.kind}"


class TicketStatusChange(models.Model):
    """One step of a ticket, written once."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="steps")
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10, choices=TicketStatus.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: Any = models.Manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.ticket_id} → {self.to_status}"

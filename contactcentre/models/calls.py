"""Calls, how they may end, and what the carrier told us."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import CallEntry
from campaigns.states import Outcome
from contactcentre.models.setup import Queue
from contactcentre.states import ALIVE, CallResult, CallStatus
from contacts.models import Party
from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history


@history.track()
class Disposition(models.Model):
    """How a call went, as the agent says; for call lists it is also what follows."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(_("for call lists"), max_length=14, choices=Outcome.choices, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class CallQuerySet(VisibleQuerySet):
    """A call is seen by its agent's circle, and by whoever sees its customer."""

    kind = "calls"

    def restrict(self, owners: set[int], user: Any) -> Self:
        """Keep what these users took or whose customers they own."""
        return self.filter(Q(agent_id__in=owners) | Q(customer__owner_id__in=owners))

    def alive(self) -> Self:
        """Keep calls that are not over."""
        return self.filter(status__in=ALIVE)

    def search(self, words: str) -> Self:
        """Find by number or customer."""
        text = words.strip()
        digits = "".join(char for char in text if char.isdigit())
        found = Q(customer_id__in=Party.objects.search(text).values("customer_id")[:500])
        return self.filter(found | Q(other_number__contains=digits) if len(digits) > 3 else found)


@history.track(exclude=["notes", "terms", "held", "muted"])
class Call(models.Model):
    """One conversation by telephone, whoever began it. `other_number` is the customer's, `our_number` ours."""

    sid = models.CharField(max_length=40, blank=True)
    """The customer's leg at the carrier; for calls we place it comes later."""
    direction = models.CharField(max_length=3, choices=[("in", _("Incoming")), ("out", _("Outgoing"))])
    other_number = models.CharField(_("number"), max_length=40)
    our_number = models.CharField(max_length=40, blank=True)
    contact = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    menu = models.CharField(max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=CallStatus.choices, default=CallStatus.MENU)
    result = models.CharField(_("result"), max_length=20, choices=CallResult.choices, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("agent"),
    )  # fmt: skip
    entry = models.ForeignKey(CallEntry, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    base_score = models.FloatField(default=0)
    terms = models.JSONField(default=dict)
    held = models.BooleanField(default=False)
    muted = models.BooleanField(default=False)
    notes = models.TextField(_("notes"), blank=True)
    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(_("began"))
    queued_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    wrapped_up_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.UniqueConstraint(fields=["sid"], condition=~Q(sid=""), name="call_sid_once"),
            models.UniqueConstraint(
                fields=["agent"], condition=Q(status__in=["connecting", "talking"]), name="agent_on_one_call"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "queued_at"], condition=Q(status="queued"), name="call_waiting"),
            models.Index(fields=["-started_at"], name="call_newest"),
            models.Index(fields=["customer", "-started_at"], name="call_of_customer"),
            models.Index(fields=["agent", "-started_at"], name="call_of_agent"),
            models.Index(fields=["status"], condition=Q(status__in=ALIVE), name="call_alive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.other_number}"

    def get_absolute_url(self) -> str:
        """The call's page."""
        return reverse("contactcentre:call", args=[self.pk])

    @property
    def conference(self) -> str:
        """The one conference of this conversation."""
        return f"call-{self.pk}"

    @property
    def talk_seconds(self) -> int:
        """How long they talked."""
        return int((self.ended_at - self.answered_at).total_seconds()) if self.answered_at and self.ended_at else 0

    @property
    def wait_seconds(self) -> int:
        """How long the caller waited."""
        end = self.answered_at or self.ended_at
        return int((end - self.queued_at).total_seconds()) if self.queued_at and end else 0

    def wait_points(self, at: datetime) -> float:
        """Return the points of the order for the wait up to a moment; 0 without a queue."""
        if self.queue is None or self.queued_at is None:
            return 0.0
        waited = (at - self.queued_at).total_seconds()
        return float(round(self.queue.wait_weight * min(1.0, waited / self.queue.max_wait_seconds), 1))


class Webhook(models.Model):
    """What the carrier told us, once: the same again is answered the same and changes nothing."""

    key = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    answer = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)

    objects: Any = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["at"], name="webhook_at")]

    def __str__(self) -> str:
        return self.path

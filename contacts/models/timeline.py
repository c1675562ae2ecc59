"""What happened with a customer, what is to be done, and what we reckon of them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.party import Party
from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history


class OfCustomerQuerySet(VisibleQuerySet):
    """Rows that belong to a customer and are seen by whoever sees it."""

    kind = "contacts"

    def restrict(self, owners: set[int], user: Any) -> Self:
        """Keep the rows of the customers these users own."""
        return self.filter(customer__owner_id__in=owners)


class Touchpoint(models.Model):
    """One contact or event on the one timeline of a customer. Written once, by `services.timeline.record`."""

    customer = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="touchpoints")
    contact = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=12)
    direction = models.CharField(max_length=10, default="internal")
    summary = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    source_type = models.CharField(max_length=40, blank=True)
    source_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=300, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    data = models.JSONField(default=dict)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at", "-id"], name="touchpoint_timeline"),
            models.Index(
                fields=["source_type", "source_id", "kind"], condition=~Q(source_type=""), name="touchpoint_source"
            ),
        ]

    def __str__(self) -> str:
        return self.summary


@history.track()
class Task(models.Model):
    """Something to be done for a customer."""

    customer = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="tasks")
    contact = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    subject = models.CharField(_("what"), max_length=200)
    due_at = models.DateTimeField(_("due"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        ordering = ("due_at",)
        indexes = [models.Index(fields=["customer"], condition=Q(done_at=None), name="task_open")]

    def __str__(self) -> str:
        return self.subject


class ScoreState(models.TextChoices):
    """Whether a score could be reckoned."""

    OK = "ok", _("Reckoned")
    NOT_ENOUGH_DATA = "not_enough_data", _("Not enough data")


class Score(models.Model):
    """What we reckon of a customer, with its reasons: lifetime value, churn risk, RFM segment, decile."""

    customer = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="scores")
    kind = models.CharField(max_length=20)
    value = models.FloatField(null=True)
    label = models.CharField(max_length=60, blank=True)
    percentile = models.FloatField(null=True)
    """Share of scored customers that lie at or below, 0 to 1."""
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=16, choices=ScoreState.choices, default=ScoreState.OK)
    model_version = models.CharField(max_length=40, blank=True)
    as_of = models.DateTimeField()
    scored_at = models.DateTimeField()

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "kind"], name="score_once")]
        indexes = [
            models.Index(fields=["kind", "-value"], name="score_value"),
            models.Index(fields=["kind", "-percentile"], name="score_percentile"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"

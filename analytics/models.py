"""Runs of the scoring with what they learnt, their key ranges, and revenue by day."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.permissions import can


class RunQuerySet(models.QuerySet[Any]):
    """Runs are seen by whoever manages analytics."""

    def visible_to(self, user: Any) -> Self:
        """All, or none."""
        return self.all() if can(user, "analytics.manage") else self.none()


class ScoreRun(models.Model):
    """One scoring of all customers: the models it fitted, how good they are, and what the dashboard shows of it."""

    STATES = [("fitting", _("Learning")), ("scoring", _("Scoring")), ("done", _("Done")), ("failed", _("Failed"))]
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    as_of = models.DateTimeField()
    state = models.CharField(max_length=8, choices=STATES, default="fitting")
    parameters = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    deciles = models.JSONField(default=list)
    segments = models.JSONField(default=list)
    watch_list = models.JSONField(default=list)
    at_risk = models.IntegerField(default=0)
    customers = models.BigIntegerField(default=0)
    seconds = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["job"], condition=~Q(job=None), name="score_run_once"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.as_of:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The model card."""
        return reverse("analytics:run", args=[self.pk])


class ScoreRange(models.Model):
    """A range of customers' keys: claimed by a worker, scored in one transaction."""

    run = models.ForeignKey(ScoreRun, on_delete=models.CASCADE, related_name="ranges")
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    customers = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "first_id"], name="score_range_once")]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id}"


class RevenueDay(models.Model):
    """What all customers together bought on a day (UTC): so that a year is 365 rows and not a million."""

    day = models.DateField(primary_key=True)
    orders = models.IntegerField()
    total = models.DecimalField(max_digits=16, decimal_places=2)

    objects: Any = models.Manager()

    def __str__(self) -> str:
        return f"{self.day}: {self.total}"

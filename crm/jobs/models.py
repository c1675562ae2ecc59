"""One row for each piece of long work."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.permissions import can


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Waiting for a worker")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Stopped")


LIVE_STATES = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    """Who sees which jobs."""

    def visible_to(self, user: Any) -> Self:
        """One's own jobs; who manages imports sees everybody's."""
        return self.all() if can(user, "imports.manage") else self.filter(owner=user)


class Job(models.Model):
    """Long work with its progress. `checkpoint` is the handler's own memory, written with its chunks."""

    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    payload = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    stop_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["state"], name="job_alive", condition=models.Q(state__in=["queued", "running"]))
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def share(self) -> float:
        """The part done, between 0 and 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def percent(self) -> int:
        """Whole per cent done, for the bar."""
        return min(100, int(100 * self.done / self.total)) if self.total else 0

    @property
    def is_live(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in LIVE_STATES

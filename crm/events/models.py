"""The outbox: events on their way up, effects on their way out."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """Something that happened and has to be told to the subscribers of its name, oldest first per subject."""

    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["subject", "id"],
                name="event_pending",
                condition=models.Q(delivered_at=None, gave_up_at=None),
            ),
            models.Index(fields=["delivered_at"], name="event_delivered"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class EffectState(models.TextChoices):
    """Where an effect stands."""

    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Effect(models.Model):
    """Something that leaves the process: a mail, a phone call, an HTTP request. Done once per key."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    queue = models.CharField(max_length=20, default="default")
    state = models.CharField(max_length=10, choices=EffectState.choices, default=EffectState.READY)
    attempt_id = models.UUIDField(default=uuid.uuid4)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                name="effect_pending",
                condition=models.Q(state__in=[EffectState.READY, EffectState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

"""One row for each person on a call list."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from phonenumber_field.modelfields import PhoneNumberField

from campaigns.models.campaign import Campaign
from campaigns.states import EntryState, Outcome
from contacts.models import Consent, Party


class CallEntry(models.Model):
    """Somebody to be called: by whom, when, how often it was tried, and how it went."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="entries")
    contact = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    phone = PhoneNumberField(blank=True)
    state = models.CharField(max_length=8, choices=EntryState.choices, default=EntryState.READY)
    reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reserved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    consent = models.ForeignKey(Consent, on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "contact"], name="entry_once")]
        indexes = [
            models.Index(
                fields=["campaign", "not_before", "id"], condition=Q(state__in=["ready", "callback"]), name="entry_next"
            ),
            models.Index(fields=["campaign", "state"], name="entry_state"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} → {self.phone}"

"""Segments, campaigns, and one row for each mail."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.states import CampaignStatus, SendState
from contacts.models import Consent, Party
from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history


class OwnedQuerySet(VisibleQuerySet):
    """Segments and campaigns are seen by their owner's circle."""

    kind = "campaigns"

    def search(self, words: str) -> Any:
        """Find by name."""
        return self.filter(name__icontains=words.strip())


@history.track(exclude=["count_cached", "counted_at"])
class Segment(models.Model):
    """Who fits a rule, at every moment anew."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    rule = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    count_cached = models.IntegerField(_("members when last counted"), null=True)
    counted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The segment's page."""
        return reverse("campaigns:segment", args=[self.pk])


@history.track()
class Campaign(models.Model):
    """A mail to a segment, or a list of calls."""

    KINDS = [("email", _("E-mail")), ("call", _("Calls"))]
    MODES = [
        ("preview", _("Preview: the agent sees the customer, then dials")),
        ("progressive", _("Progressive: one call is dialled for each free agent")),
    ]
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=5, choices=KINDS, default="email")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("segment"))
    status = models.CharField(_("status"), max_length=8, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    mode = models.CharField(_("mode"), max_length=11, choices=MODES, default="preview")
    script = models.TextField(_("what to say"), blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        indexes = [models.Index(fields=["kind", "status"], name="campaign_running")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The campaign's page."""
        return reverse("campaigns:campaign", args=[self.pk])


class Send(models.Model):
    """One mail to one person, with what allowed it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="sends")
    contact = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField(blank=True)
    state = models.CharField(max_length=8, choices=SendState.choices, default=SendState.READY)
    reason = models.CharField(max_length=200, blank=True)
    consent = models.ForeignKey(Consent, on_delete=models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)

    objects: Any = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "contact"], name="send_once")]
        indexes = [
            models.Index(fields=["campaign", "state"], name="send_state"),
            models.Index(fields=["campaign", "id"], condition=Q(state="ready"), name="send_ready"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} → {self.address}"

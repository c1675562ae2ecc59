"""What may be bought: pipelines, stages, opportunities and how they went through them."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField

from contacts.models import Party
from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history
from sales.states import OpportunityStatus


@history.track()
class Pipeline(models.Model):
    """A way of selling."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


@history.track()
class Stage(models.Model):
    """A step of a pipeline with its odds in per cent."""

    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    probability = models.PositiveSmallIntegerField(_("odds"), default=50)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "name"], name="stage_once"),
            models.CheckConstraint(condition=Q(probability__lte=100), name="stage_odds"),
        ]

    def __str__(self) -> str:
        return self.name


@history.track()
class LostReason(models.Model):
    """Why something is not bought."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class OpportunityQuerySet(VisibleQuerySet):
    """Opportunities are seen by their owners and those above them."""

    kind = "sales"

    def open(self) -> Self:
        """Keep those that are not decided."""
        return self.filter(status=OpportunityStatus.OPEN)

    def search(self, words: str) -> Self:
        """Find by name, or by customer."""
        return self.filter(
            Q(name__icontains=words.strip())
            | Q(customer_id__in=Party.objects.search(words).values("customer_id")[:500])
        )


@history.track(exclude=["rank"])
class Opportunity(models.Model):
    """Something that a customer may buy."""

    name = models.CharField(_("name"), max_length=160)
    customer = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("stage"))
    status = models.CharField(_("status"), max_length=5, choices=OpportunityStatus.choices, default="open")
    value: Any = MoneyField(
        _("value"), max_digits=14, decimal_places=2, default_currency=settings.DEFAULT_CURRENCY, default=0
    )
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    rank = models.CharField(max_length=100, default="h", db_collation="C")
    lost_reason = models.ForeignKey(LostReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lost_note = models.CharField(_("note"), max_length=300, blank=True)
    source_call_id = models.BigIntegerField(null=True, blank=True)
    stage_since = models.DateTimeField()
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = [
            models.Index(fields=["stage", "rank", "id"], condition=Q(status="open"), name="opportunity_board"),
            models.Index(fields=["customer", "status"], name="opportunity_customer"),
            models.Index(fields=["owner", "status"], name="opportunity_owner"),
            models.Index(fields=["status", "-closed_at"], name="opportunity_closed"),
            models.Index(
                fields=["source_call_id"], condition=Q(source_call_id__isnull=False), name="opportunity_of_call"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The opportunity's page."""
        return reverse("sales:opportunity", args=[self.pk])

    @property
    def customer_pk(self) -> int:
        """The customer's key, as vitals ask for it."""
        return int(self.customer_id)


class StageChange(models.Model):
    """One step of an opportunity, written once."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="steps")
    from_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="+")
    to_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=5, choices=OpportunityStatus.choices, default="open")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects: Any = models.Manager()

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["opportunity", "at"], name="stage_change")]

    def __str__(self) -> str:
        return f"{self.opportunity_id} → {self.to_stage_id}"

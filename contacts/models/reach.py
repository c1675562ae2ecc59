"""How somebody is reached: numbers, addresses, and whether they may be."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from contacts.models.party import Party
from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history


class OfPartyQuerySet(VisibleQuerySet):
    """Rows that belong to a party and are seen by whoever sees it."""

    kind = "contacts"

    def restrict(self, owners: set[int], user: Any) -> Self:
        """Keep the rows of the parties these users own."""
        return self.filter(party__owner_id__in=owners)


@history.track()
class Phone(models.Model):
    """A telephone number, kept as E.164."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="phones")
    number = PhoneNumberField(_("number"))
    label = models.CharField(_("label"), max_length=30, blank=True)
    is_primary = models.BooleanField(_("first choice"), default=False)

    objects = OfPartyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "number"], name="phone_once")]
        indexes = [models.Index(OpClass(F("number"), "text_pattern_ops"), name="phone_lookup")]

    def __str__(self) -> str:
        return str(self.number)


@history.track()
class Email(models.Model):
    """An e-mail address."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="emails")
    address = models.EmailField(_("address"))
    address_lower = models.EmailField(editable=False)
    is_primary = models.BooleanField(_("first choice"), default=False)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)

    objects = OfPartyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "address_lower"], name="email_once")]
        indexes = [models.Index(OpClass(F("address_lower"), "text_pattern_ops"), name="email_lookup")]

    def __str__(self) -> str:
        return self.address

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the form that is looked up."""
        self.address_lower = self.address.lower()
        super().save(*args, **kwargs)


@history.track()
class Address(models.Model):
    """A postal address."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="addresses")
    line1 = models.CharField(_("street"), max_length=200, blank=True)
    line2 = models.CharField(_("second line"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    is_primary = models.BooleanField(_("first choice"), default=True)

    objects = OfPartyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("addresses")
        indexes = [models.Index(fields=["city"], name="address_city")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.line1, self.postal_code, self.city) if part)


class Channel(models.TextChoices):
    """A way to reach somebody."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    SMS = "sms", _("SMS")
    POST = "post", _("Post")


class Purpose(models.TextChoices):
    """What somebody is reached for."""

    MARKETING = "marketing", _("Offers")
    SERVICE = "service", _("Service")
    PROFILING = "profiling", _("Profiling")


class Basis(models.TextChoices):
    """What a consent rests on."""

    EXPRESS = "express", _("Said so")
    IMPLIED = "implied", _("Implied")
    CONTRACT = "contract", _("Contract")
    LEGITIMATE = "legitimate", _("Legitimate interest")


@history.track()
class Consent(models.Model):
    """One line of the ledger: given or withdrawn, when, on what ground. The newest line counts; none is changed."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    granted = models.BooleanField(_("given"))
    basis = models.CharField(_("basis"), max_length=12, choices=Basis.choices, default=Basis.EXPRESS)
    proof = models.CharField(_("proof"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    at = models.DateTimeField(_("when"))
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfPartyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["party", "channel", "purpose", "-at", "-id"], name="consent_newest")]
        constraints = [models.CheckConstraint(condition=Q(expires_at=None) | Q(granted=True), name="consent_end")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.get_purpose_display()}: {self.granted}"

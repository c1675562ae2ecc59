"""Persons and firms: one table, so that a telephone number, a score or a ticket has one kind of customer."""

import re
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history


class PartyKind(models.TextChoices):
    """What a party is."""

    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Account")


class PartyQuerySet(VisibleQuerySet):
    """Persons and firms."""

    kind = "contacts"

    def people(self) -> Self:
        """Keep persons."""
        return self.filter(kind=PartyKind.PERSON)

    def organisations(self) -> Self:
        """Keep firms."""
        return self.filter(kind=PartyKind.ORGANISATION)

    def customers(self) -> Self:
        """Keep those who are customers themselves: firms, and persons who belong to none."""
        return self.filter(account=None)

    def active(self) -> Self:
        """Leave archived ones out."""
        return self.filter(archived_at=None)

    def search(self, words: str) -> Self:
        """Find by beginnings of words in the name or number, by e-mail address or by telephone number."""
        terms = re.findall(r"[^\W_]+", words.lower())
        if not terms:
            return self.none()
        if "@" in words:
            return self.filter(pk__in=_email_owners(words.strip().lower()))
        query = SearchQuery(" & ".join(f"{term}:*" for term in terms), search_type="raw", config="simple")
        digits = re.sub(r"\D", "", words)
        if len(digits) < 4:
            return self.filter(search=query)
        # Two index scans joined: an OR of both would look at every party.
        named = self.model._default_manager.filter(search=query).order_by().values("pk")
        return self.filter(pk__in=named.union(_phone_owners(digits)))

    def with_scores(self, *kinds: str) -> Self:
        """Add each score's value as `score_<kind>`, looked up by the customer the party belongs to."""
        from contacts.models.timeline import Score

        rows = Score.objects.filter(customer_id=OuterRef("customer_id"))
        return self.annotate(
            **{f"score_{kind}": Subquery(rows.filter(kind=kind).values("value")[:1]) for kind in kinds}
        )

    def with_phone(self) -> Self:
        """Add the first telephone number as `first_phone`, in E.164 as it stands: lists do not take numbers apart."""
        from contacts.models.reach import Phone

        rows = Phone.objects.filter(party_id=OuterRef("pk")).order_by("-is_primary", "pk")
        return self.annotate(first_phone=Subquery(rows.values("number")[:1], output_field=models.CharField()))

    def with_email(self) -> Self:
        """Add the first usable e-mail address as `first_email`."""
        from contacts.models.reach import Email

        rows = Email.objects.filter(party_id=OuterRef("pk"), bounced_at=None).order_by("-is_primary", "pk")
        return self.annotate(first_email=Subquery(rows.values("address")[:1]))


def _email_owners(text: str) -> Any:
    from contacts.models.reach import Email

    return Email.objects.filter(address_lower__startswith=text).values("party_id")


def _phone_owners(digits: str) -> Any:
    from contacts.models.reach import Phone

    home = "1" if settings.DEFAULT_REGION == "US" else ""
    return Phone.objects.filter(Q(number__startswith=f"+{digits}") | Q(number__startswith=f"+{home}{digits}")).values(
        "party_id"
    )


def _spaced(column: str) -> Func:
    """Return the column with marks as spaces: Postgres would read the 77 of “C-77” as minus 77."""
    return Func(F(column), Value("-_/.'"), Value("     "), function="translate", output_field=models.TextField())


@history.track(exclude=["search", "customer_id", "last_touch_at", "updated_at"])
class Party(models.Model):
    """A person or a firm. A person may belong to a firm; then the firm is the customer."""

    kind = models.CharField(_("kind"), max_length=12, choices=PartyKind.choices, default=PartyKind.PERSON)
    account = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("account")
    )
    customer_id = models.GeneratedField(
        expression=Coalesce(F("account_id"), F("id")), output_field=models.BigIntegerField(), db_persist=True
    )
    name = models.CharField(_("name"), max_length=200)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    sort_name = models.CharField(max_length=200, editable=False)
    title = models.CharField(_("role"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    source = models.CharField(_("source"), max_length=60, blank=True)
    external_id = models.CharField(_("number in other systems"), max_length=80, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    tags = models.ManyToManyField("contacts.Tag", through="contacts.PartyTag", related_name="parties", blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    last_touch_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    search = models.GeneratedField(
        expression=SearchVector(_spaced("name"), _spaced("external_id"), config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.UniqueConstraint(fields=["external_id"], condition=~Q(external_id=""), name="party_external_once"),
            models.CheckConstraint(
                condition=Q(kind=PartyKind.PERSON) | Q(account=None), name="party_firm_has_no_account"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "sort_name", "id"], condition=Q(archived_at=None), name="party_sorted"),
            models.Index(fields=["owner", "sort_name", "id"], name="party_owner_sorted"),
            models.Index(fields=["customer_id"], name="party_customer"),
            models.Index(fields=["kind", "-last_touch_at"], name="party_last_touch"),
            models.Index(fields=["-created_at"], name="party_created"),
            GinIndex(fields=["search"], name="party_search"),
            models.Index(OpClass(Lower("name"), "text_pattern_ops"), name="party_name_prefix"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record page."""
        return reverse("contacts:record", args=[self.pk])

    @property
    def is_person(self) -> bool:
        """Whether this is a person."""
        return self.kind == PartyKind.PERSON

    @property
    def customer(self) -> "Party":
        """The party that buys: the firm a person belongs to, else the party itself."""
        return self.account or self


class ContactManager(models.Manager.from_queryset(PartyQuerySet)):  # type: ignore[misc]
    """Persons only."""

    def get_queryset(self) -> PartyQuerySet:
        """Keep persons."""
        return super().get_queryset().people()


class AccountManager(models.Manager.from_queryset(PartyQuerySet)):  # type: ignore[misc]
    """Firms only."""

    def get_queryset(self) -> PartyQuerySet:
        """Keep firms."""
        return super().get_queryset().organisations()


class Contact(Party):
    """A person."""

    objects = ContactManager()  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")


class Account(Party):
    """A firm."""

    objects = AccountManager()  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("account")
        verbose_name_plural = _("accounts")


@history.track()
class Tag(models.Model):
    """A word that people hang on customers."""

    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


@history.track()
class PartyTag(models.Model):
    """A tag on a party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "tag"], name="party_tag_once")]

    def __str__(self) -> str:
        return f"{self.party}: {self.tag}"

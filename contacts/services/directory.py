"""Make, change, link and archive persons and firms."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.models import Address, Email, Party, PartyKind, PartyTag, Phone, Tag
from crm.lib import phones as phone_lib
from crm.lib.clock import now
from crm.lib.errors import DomainError


def sort_name_of(party: Party) -> str:
    """Return what lists sort by: last name first for persons, lower case."""
    name = f"{party.last_name} {party.first_name}".strip() if party.is_person else ""
    return (name or party.name).lower()[:200]


def _named(party: Party) -> Party:
    if party.is_person:
        party.name = f"{party.first_name} {party.last_name}".strip()
    if not party.name:
        raise DomainError(_("A name is needed."))
    party.sort_name = sort_name_of(party)
    return party


@transaction.atomic
def create_contact(
    *,
    actor: Any,
    first_name: str = "",
    last_name: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    account: Party | None = None,
    owner: Any = None,
    **fields: Any,
) -> Party:
    """Make a person; the owner is the actor unless named. Raises DomainError for a number that is none."""
    party = Party(
        kind=PartyKind.PERSON, first_name=first_name.strip(), last_name=last_name.strip(), account=account,
        owner=owner or actor, **fields,
    )  # fmt: skip
    _named(party).save(force_insert=True)
    _reach(party, phones, emails)
    return party


@transaction.atomic
def create_account(*, actor: Any, name: str, phones: Iterable[str] = (), owner: Any = None, **fields: Any) -> Party:
    """Make a firm."""
    party = Party(kind=PartyKind.ORGANISATION, name=name.strip(), owner=owner or actor, **fields)
    _named(party).save(force_insert=True)
    _reach(party, phones, ())
    return party


def _reach(party: Party, phones: Iterable[str], emails: Iterable[str]) -> None:
    for number in phones:
        add_phone(party, number)
    for address in emails:
        add_email(party, address)


def add_phone(party: Party, number: str, *, label: str = "") -> Phone:
    """Add a number; the first one is the first choice. Raises DomainError when it cannot be dialled."""
    e164 = phone_lib.parse(number)
    if e164 is None:
        raise DomainError(_("“%(number)s” is not a telephone number.") % {"number": number})
    first = not party.phones.exists()
    return party.phones.get_or_create(number=e164, defaults={"label": label, "is_primary": first})[0]


def add_email(party: Party, address: str) -> Email:
    """Add an e-mail address; the first one is the first choice."""
    first = not party.emails.exists()
    return party.emails.get_or_create(
        address_lower=address.strip().lower(), defaults={"address": address.strip(), "is_primary": first}
    )[0]


@transaction.atomic
def update(
    party: Party, *, actor: Any, values: dict[str, Any], phone: str | None = None, email: str | None = None
) -> Party:
    """Change fields; `phone` and `email` replace the first choice, "" takes it away."""
    for name, value in values.items():
        setattr(party, name, value)
    _named(party).save(update_fields=[*values, "name", "sort_name", "updated_at"])
    if phone is not None:
        _replace_first(party.phones, phone, lambda: add_phone(party, phone or ""))
    if email is not None:
        _replace_first(party.emails, email, lambda: add_email(party, email or ""))
    return party


def _replace_first(rows: Any, text: str, add: Any) -> None:
    first = rows.order_by("-is_primary", "pk").first()
    if first and not text:
        first.delete()
    elif text:
        made = add()
        if first and made.pk != first.pk:
            first.delete()
        if not made.is_primary:
            made.is_primary = True
            made.save(update_fields=["is_primary"])


@transaction.atomic
def set_address(party: Party, *, actor: Any, **fields: str) -> Address:
    """Set the first postal address."""
    found = party.addresses.order_by("-is_primary", "pk").first() or Address(party=party)
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    return found


@transaction.atomic
def archive(party: Party, *, actor: Any) -> None:
    """Put a party away: it is in no list, is not called and gets no mail; nothing is lost."""
    party.archived_at = now()
    party.save(update_fields=["archived_at", "updated_at"])


@transaction.atomic
def restore(party: Party, *, actor: Any) -> None:
    """Take an archived party back."""
    party.archived_at = None
    party.save(update_fields=["archived_at", "updated_at"])


@transaction.atomic
def set_tags(party: Party, *, actor: Any, names: Iterable[str]) -> None:
    """Hang exactly these tags on a party, making new ones."""
    wanted = {name.strip()[:40] for name in names if name.strip()}
    tags = [Tag.objects.get_or_create(name=name)[0] for name in sorted(wanted)]
    PartyTag.objects.filter(party=party).exclude(tag__in=tags).delete()
    for tag in tags:
        PartyTag.objects.get_or_create(party=party, tag=tag)

"""Contacts out of files: matched by number in other systems, then e-mail, then telephone; written by COPY."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Address, Consent, Email, Import, Party, Phone
from contacts.services.importing import Field, ImportKind, Plan, Row
from crm.lib import phones
from crm.lib.clock import now
from crm.lib.copy import copy_rows

FIELDS = (
    Field("name", gettext_lazy("Full name"), ("name", "customer", "kunde", "contact name")),
    Field("first_name", gettext_lazy("First name"), ("firstname", "given name", "vorname", "prénom")),
    Field("last_name", gettext_lazy("Last name"), ("lastname", "surname", "family name", "nachname", "nom")),
    Field("email", gettext_lazy("E-mail"), ("e-mail", "mail", "email address")),
    Field("phone", gettext_lazy("Telephone"), ("phone", "tel", "telefon", "mobile", "phone number")),
    Field(
        "external_id",
        gettext_lazy("Number in other systems"),
        ("id", "customer id", "customer_id", "kundennummer", "number"),
    ),
    Field("title", gettext_lazy("Role"), ("title", "position", "job title")),
    Field("line1", gettext_lazy("Street"), ("street", "address", "strasse", "address line 1")),
    Field("postal_code", gettext_lazy("Postal code"), ("zip", "plz", "postcode", "zip code")),
    Field("city", gettext_lazy("City"), ("town", "ort", "stadt")),
    Field("region", gettext_lazy("Region"), ("state", "bundesland")),
    Field("country", gettext_lazy("Country"), ("land", "country code")),
    Field("offers_email", gettext_lazy("Offers by e-mail (yes/no)"), ("newsletter", "marketing", "opt in")),
    Field("offers_phone", gettext_lazy("Offers by telephone (yes/no)"), ("call me", "telemarketing")),
)
YES = {"yes", "y", "true", "1", "ja", "oui", "x"}
NO = {"no", "n", "false", "0", "nein", "non"}
TEXTS = ("first_name", "last_name", "title", "external_id")


@dataclass
class Item:
    """One row, read."""

    line: int
    row: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    email: str = ""
    phone: str = ""
    address: dict[str, str] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    party_id: int = 0


def _read(line: int, row: dict[str, str]) -> tuple[Item | None, str]:
    """Return the row read, or the reason why it is refused."""
    item = Item(line, row)
    first, last = row.get("first_name", ""), row.get("last_name", "")
    if not (first or last) and row.get("name"):
        first, _sep, last = row["name"].strip().rpartition(" ")
    if not (first or last):
        return None, _("No name.")
    item.values = {"first_name": first, "last_name": last, "title": row.get("title", "")}
    item.values["external_id"] = row.get("external_id", "")
    for name, limit in (("first_name", 100), ("last_name", 100), ("title", 100), ("external_id", 80)):
        if len(item.values[name]) > limit:
            return None, _("%(field)s is longer than %(limit)d characters.") % {"field": name, "limit": limit}
    if email := row.get("email", "").strip():
        try:
            validate_email(email)
        except ValidationError:
            return None, _("“%(email)s” is not an e-mail address.") % {"email": email[:60]}
        item.email = email
    if number := row.get("phone", "").strip():
        item.phone = phones.parse(number) or ""
        if not item.phone:
            return None, _("“%(number)s” is not a telephone number.") % {"number": number[:40]}
    item.address = {
        key: row[key][:100] for key in ("line1", "postal_code", "city", "region", "country") if row.get(key)
    }
    if len(item.address.get("country", "")) > 2:
        item.address["country"] = item.address["country"][:2].upper()
    for key, channel in (("offers_email", "email"), ("offers_phone", "phone")):
        answer = row.get(key, "").strip().lower()
        if answer in YES or answer in NO:
            item.consents[channel] = answer in YES
    return item, ""


def _known(items: list[Item]) -> None:
    """Set party_id on the rows whose person is here already."""
    by_id = _lookup(
        "SELECT external_id, id FROM contacts_party WHERE external_id = ANY(%s)",
        {i.values["external_id"] for i in items},
    )
    by_mail = _lookup(
        "SELECT address_lower, min(party_id) FROM contacts_email WHERE address_lower = ANY(%s) GROUP BY 1",
        {item.email.lower() for item in items},
    )
    by_phone = _lookup(
        "SELECT number, min(party_id) FROM contacts_phone WHERE number = ANY(%s) GROUP BY 1 HAVING count(*) = 1",
        {item.phone for item in items},
    )
    for item in items:
        own = item.values["external_id"]
        item.party_id = by_id.get(own, 0) or (
            0 if own else by_mail.get(item.email.lower(), 0) or by_phone.get(item.phone, 0)
        )


def _lookup(sql: str, keys: set[str]) -> dict[str, int]:
    keys.discard("")
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(keys)])
        return dict(cursor.fetchall())


def read(rows: list[Row]) -> list[tuple[Row, Item | None, str]]:
    """Return each row with what was read out of it, or with the reason why nothing was."""
    return [((line, row), *_read(line, row)) for line, row in rows]


def plan(batch: Import, rows: list[tuple[Row, Item | None, str]]) -> Plan:
    """Match and sort the rows that were read into new, updated and refused."""
    made = Plan()
    items: list[Item] = []
    seen: dict[str, int] = {}
    for (line, row), item, reason in rows:
        if item is None:
            made.refuse(line, reason, row)
            continue
        key = item.values["external_id"] or item.email.lower() or f"line {line}"
        if key in seen:
            made.refuse(line, _("The same person as in line %(line)d.") % {"line": seen[key]}, row)
            continue
        seen[key] = line
        items.append(item)
    _known(items)
    if batch.policy == "skip":
        for item in items:
            if item.party_id:
                made.refuse(item.line, _("Is here already."), item.row)
        items = [item for item in items if not item.party_id]
    made.created = sum(not item.party_id for item in items)
    made.updated = len(items) - made.created
    made.state = items
    for item in items[:20]:
        name = f"{item.values['first_name']} {item.values['last_name']}".strip()
        made.samples.append((item.line, name, _("updated") if item.party_id else _("new")))
    return made


def apply(batch: Import, made: Plan) -> None:
    """Write a planned batch."""
    known = [item for item in made.state if item.party_id]
    _create(batch, [item for item in made.state if not item.party_id])
    _update(batch, known)
    _consents(batch, made.state)


def _create(batch: Import, items: list[Item]) -> None:
    if not items:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('contacts_party', 'id')) FROM generate_series(1, %s)", [len(items)]
        )
        for item, (pk,) in zip(items, cursor.fetchall(), strict=True):
            item.party_id = pk
    at = now().isoformat()
    columns = [
        "id",
        "kind",
        "name",
        "first_name",
        "last_name",
        "sort_name",
        "title",
        "language",
        "time_zone",
        "owner_id",
    ]
    columns += ["source", "external_id", "custom", "created_at", "updated_at"]
    copy_rows(Party._meta.db_table, columns, (_party_row(batch, item, at) for item in items))
    _reach(items)


def _party_row(batch: Import, item: Item, at: str) -> tuple[Any, ...]:
    first, last = item.values["first_name"], item.values["last_name"]
    name, sort = f"{first} {last}".strip(), f"{last} {first}".strip().lower()
    return (
        item.party_id, "person", name, first, last, sort, item.values["title"], "", "", batch.owner_id,
        "import", item.values["external_id"], "{}", at, at,
    )  # fmt: skip


def _reach(items: list[Item]) -> None:
    copy_rows(
        Phone._meta.db_table,
        ["party_id", "number", "label", "is_primary"],
        ((item.party_id, item.phone, "", "t") for item in items if item.phone),
    )
    copy_rows(
        Email._meta.db_table,
        ["party_id", "address", "address_lower", "is_primary"],
        ((item.party_id, item.email, item.email.lower(), "t") for item in items if item.email),
    )
    keys = ("line1", "postal_code", "city", "region", "country")
    copy_rows(
        Address._meta.db_table,
        ["party_id", *keys, "line2", "is_primary"],
        ((item.party_id, *(item.address.get(key, "") for key in keys), "", "t") for item in items if item.address),
    )


def _update(batch: Import, items: list[Item]) -> None:
    """Fill empty fields, or overwrite them when that was chosen; numbers and addresses are added, never taken away."""
    found = Party.objects.in_bulk([item.party_id for item in items])
    changed: list[Party] = []
    for item in items:
        party = found[item.party_id]
        before = tuple(getattr(party, name) for name in TEXTS)
        for name in TEXTS:
            if item.values[name] and (batch.policy == "overwrite" or not getattr(party, name)):
                setattr(party, name, item.values[name])
        if party.is_person:
            party.name = f"{party.first_name} {party.last_name}".strip()
            party.sort_name = f"{party.last_name} {party.first_name}".strip().lower()
        if tuple(getattr(party, name) for name in TEXTS) != before:
            changed.append(party)
    Party.objects.bulk_update(changed, [*TEXTS, "name", "sort_name"], batch_size=1000)
    ids = list(found)
    numbers = set(Phone.objects.filter(party_id__in=ids).values_list("party_id", "number"))
    mails = set(Email.objects.filter(party_id__in=ids).values_list("party_id", "address_lower"))
    placed = set(Address.objects.filter(party_id__in=ids).values_list("party_id", flat=True))
    known = {(pk, str(number)) for pk, number in numbers}
    for item in items:
        item.phone = "" if (item.party_id, item.phone) in known else item.phone
        item.email = "" if (item.party_id, item.email.lower()) in mails else item.email
        item.address = {} if item.party_id in placed else item.address
    _reach(items)


def _consents(batch: Import, items: list[Item]) -> None:
    """Write given consent only with a proof; a no is written always."""
    at = now().isoformat()
    lines = (
        (
            item.party_id,
            channel,
            "marketing",
            "t" if granted else "f",
            "express",
            batch.proof,
            "import",
            at,
            batch.owner_id,
        )
        for item in items
        for channel, granted in item.consents.items()
        if not granted or batch.proof
    )
    columns = ["party_id", "channel", "purpose", "granted", "basis", "proof", "source", "at", "recorded_by_id"]
    copy_rows(Consent._meta.db_table, columns, lines)


KIND = ImportKind("contacts", gettext_lazy("Contacts"), FIELDS, plan, apply, read=read)

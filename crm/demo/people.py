"""Customers into the database by COPY: lone persons, households and small firms, with how they are reached."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection

from contacts.models import Address, Consent, Email, Party, Phone
from crm.demo.invent import PLACES, Numbers, words
from crm.lib.copy import copy_rows

LONE, HOUSEHOLD = 0.70, 0.18
"""Shares of customers; the rest are firms."""
PEOPLE_IN_FIRM = (1, 2, 3)
HAS_MAIL = 0.88
SAYS = {"email": (0.68, 0.04), "phone": (0.62, 0.06)}
"""Channel → shares of persons who said yes, and who said no, to offers."""
SOURCES = ("shop", "website", "referral", "fair")
DOMAINS = ("example.org", "example.com", "example.net")
PARTY = [
    "id", "kind", "account_id", "name", "first_name", "last_name", "sort_name", "title", "language", "time_zone",
    "owner_id", "source", "external_id", "custom", "last_touch_at", "created_at", "updated_at",
]  # fmt: skip


@dataclass
class Person:
    """Somebody who is about to be written."""

    key: int
    first: str
    last: str
    title: str = ""
    account: int | None = None
    place: int = 0
    number: str = ""
    mail: str = ""


@dataclass
class Customers:
    """A batch of customers: what they are, and the person who buys, entry by entry."""

    key: list[int] = field(default_factory=list)
    contact: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    owner: list[int] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    people: list[list[Person]] = field(default_factory=list)
    firm: list[bool] = field(default_factory=list)


@dataclass
class Book:
    """The running numbers of one filling."""

    customers: int = 0
    orders: int = 0
    opportunities: int = 0
    numbers: Numbers = field(default_factory=Numbers)


def new_keys(table: str, count: int) -> range:
    """Take so many keys from a table's sequence at once; nobody else writes to the table until the transaction ends."""
    if not count:
        return range(0)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "SELECT setval(s.name, nextval(s.name) + %s) FROM (SELECT pg_get_serial_sequence(%s, 'id') AS name) s",
            [count - 1, table],
        )
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def invent(count: int, owners: list[int], book: Book, rng: np.random.Generator) -> Customers:
    """Make up customers; nothing is written yet but their keys are taken."""
    kind = rng.random(count)
    lone, firm = kind < LONE, kind >= LONE + HOUSEHOLD
    size = np.where(firm, rng.choice(PEOPLE_IN_FIRM, count), np.where(lone, 1, 2))
    keys = iter(new_keys(Party._meta.db_table, int(size.sum() + (~lone).sum())))
    text, total = words(), int(size.sum())
    first = iter(rng.integers(0, len(text.first), total).tolist())
    last = rng.integers(0, len(text.last), total).tolist()
    firms = rng.integers(0, len(text.firms), count).tolist()
    mails = iter((rng.random(total) < HAS_MAIL).tolist())
    roles = iter(rng.integers(0, len(text.roles), total).tolist())
    made = Customers(owner=[owners[place] for place in rng.integers(0, len(owners), count).tolist()])
    made.firm = firm.tolist()
    drawn = 0
    for at, people in enumerate(size.tolist()):
        book.customers += 1
        place = book.customers % len(PLACES)
        account = None if lone[at] else next(keys)
        group = []
        for nth in range(people):
            # A household shares its name, a firm's people do not.
            word = text.last[last[drawn + nth] if firm[at] else last[drawn]]
            person = Person(next(keys), text.first[next(first)], word, account=account, place=place)
            person.number = book.numbers.next(place)
            role, has_mail = text.roles[next(roles)], next(mails)
            person.title = role if firm[at] else ""
            if has_mail:
                domain = DOMAINS[book.customers % 3] if not firm[at] else f"firm{book.customers}.example"
                person.mail = f"{person.first}.{word}.{book.customers}{nth or ''}@{domain}".lower()
            group.append(person)
        drawn += people
        made.people.append(group)
        made.key.append(account or group[0].key)
        made.contact.append(group[0].key)
        made.place.append(place)
        made.name.append(text.firms[firms[at]] if firm[at] else f"{group[0].last} household")
        made.phone.append(group[0].number)
    return made


def write(made: Customers, since: list[str], touched: list[str | None], book: Book, rng: np.random.Generator) -> None:
    """Write customers with numbers, addresses and consents; `since` and `touched` are moments, ISO, one a customer."""
    before = book.customers - len(made.key)
    people = [person for group in made.people for person in group]
    copy_rows(Party._meta.db_table, PARTY, _parties(made, since, touched, before))
    copy_rows(
        Phone._meta.db_table,
        ["party_id", "number", "label", "is_primary"],
        ((person.key, person.number, "work" if person.title else "mobile", "t") for person in people),
    )
    copy_rows(
        Email._meta.db_table,
        ["party_id", "address", "address_lower", "is_primary"],
        ((person.key, person.mail, person.mail, "t") for person in people if person.mail),
    )
    copy_rows(
        Address._meta.db_table,
        ["party_id", "line1", "line2", "postal_code", "city", "region", "country", "is_primary"],
        _addresses(made, rng),
    )
    copy_rows(
        Consent._meta.db_table,
        ["party_id", "channel", "purpose", "granted", "basis", "proof", "source", "at"],
        _consents(made, since, rng),
    )


def _parties(made: Customers, since: list[str], touched: list[str | None], before: int) -> Iterator[tuple[Any, ...]]:
    for at, group in enumerate(made.people):
        number, began, last, owner = f"C{before + at + 1:06d}", since[at], touched[at], made.owner[at]
        source = SOURCES[(before + at) * 7 % len(SOURCES)]
        own = number
        if group[0].account:
            name = made.name[at]
            yield (
                group[0].account, "organisation", None, name, "", "", name.lower(), "", "", "", owner, source, number,
                "{}", last, began, began,
            )  # fmt: skip
            own = ""
        for person in group:
            name, sort = f"{person.first} {person.last}", f"{person.last} {person.first}".lower()
            yield (
                person.key, "person", person.account, name, person.first, person.last, sort, person.title, "", "",
                owner, source, own, "{}", last if person is group[0] else None, began, began,
            )  # fmt: skip


def _addresses(made: Customers, rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    text, count = words(), len(made.key)
    house = rng.integers(1, 2400, count).tolist()
    street = rng.integers(0, len(text.streets), count).tolist()
    post = rng.integers(0, 100, count).tolist()
    for at, key in enumerate(made.key):
        _area, city, region, code = PLACES[made.place[at]]
        yield key, f"{house[at]} {text.streets[street[at]]}", "", f"{code}{post[at]:02d}", city, region, "US", "t"


def _consents(made: Customers, since: list[str], rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    total = sum(len(group) for group in made.people)
    says = {channel: rng.random(total).tolist() for channel in SAYS}
    nth = 0
    for at, group in enumerate(made.people):
        for person in group:
            for channel, (yes, no) in SAYS.items():
                said = says[channel][nth]
                if said < yes and (channel == "phone" or person.mail):
                    yield person.key, channel, "marketing", "t", "express", "Loyalty form", "form", since[at]
                elif said > 1 - no:
                    yield person.key, channel, "marketing", "f", "express", "Loyalty form", "form", since[at]
            nth += 1

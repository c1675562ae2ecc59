"""Found the demo company: every household of the extract under an invented name, with a year behind it."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

import numpy as np
import pghistory
from django.db import transaction
from django.db.models import Max

from crm.demo import calls, filling, helping, orders, outreach, people, purchases, selling, staff
from crm.demo.company import Company
from crm.demo.extract import Extract
from crm.demo.loading import bare_tables
from crm.events.models import Effect, EffectState, OutboxEvent
from crm.lib.clock import now

HOUSEHOLDS = 250
"""Households a batch: some 15,000 orders."""


def found(seed: int = 1, *, households: int | None = None, say: filling.Say = print) -> None:
    """Fill an empty database with the demo company, in one transaction: whoever kills it leaves nothing behind.

    `households` takes only the first ones. Raises DomainError for a database that is not empty.
    """
    filling.check_empty()
    began = time.monotonic()
    with transaction.atomic(), pghistory.context(actor="demo"):
        company = _load(seed, households)
        orders.refresh_statistics()
        say(f"{len(company.customers.key):,} customers, {company.book.orders:,} orders")
        filling.score_all(say)
        with in_silence():
            selling.play(company)
            helping.play(company)
            calls.play(company)
            outreach.play(company)
    orders.refresh_statistics()
    say(f"The demo company stands after {time.monotonic() - began:.0f} s, at most {filling.peak_mb():.0f} MB")


def _load(seed: int, households: int | None) -> Company:
    hired = staff.hire()
    owners = [person.pk for person in staff.reps(hired)]
    extract, all_of_them = Extract.read(), people.Customers()
    book, total = people.Book(), households or extract.households
    with bare_tables(*filling.TABLES):
        products = orders.write_products(extract)
        for start in range(0, total, HOUSEHOLDS):
            chosen = np.arange(start, min(start + HOUSEHOLDS, total))
            rng = np.random.default_rng([seed, start])
            bought = purchases.everything(extract, chosen)
            made = people.invent(len(chosen), owners, book, rng)
            since, touched = filling.first_and_last(bought, len(chosen), {})
            people.write(made, since, touched, book, rng)
            orders.write_orders(extract, products, made, bought, book)
            for part in fields(people.Customers):
                getattr(all_of_them, part.name).extend(getattr(made, part.name))
    return Company(hired, all_of_them, book, random.Random(seed))


@contextmanager
def in_silence() -> Iterator[None]:
    """Write the past without its echo: what is published in the block is told to nobody, what would leave stays."""
    told, left = (model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in (OutboxEvent, Effect))
    yield
    OutboxEvent.objects.filter(pk__gt=told, delivered_at=None).update(delivered_at=now())
    Effect.objects.filter(pk__gt=left).update(state=EffectState.DONE, done_at=now())

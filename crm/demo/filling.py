"""Any number of customers with their history, the same ones for the same seed, in batches of bounded memory."""

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pghistory

from analytics.services import figures, scoring
from contacts.models import Address, Consent, Email, Party, Phone, Score, Touchpoint
from crm.demo import dealings, orders, people, purchases, staff
from crm.demo.extract import Extract
from crm.demo.loading import bare_tables
from crm.lib.errors import DomainError
from sales.models import Order, OrderLine

BATCH = 2_000
MOST = 1_000_000
TABLES = [
    model._meta.db_table for model in (Party, Phone, Email, Address, Consent, Touchpoint, Order, OrderLine)
]  # fmt: skip
Say = Callable[[str], Any]


def is_empty() -> bool:
    """Tell whether there is no customer yet."""
    return not Party.objects.exists()


def check_empty() -> None:
    """Raise DomainError when somebody's customers are here already."""
    if not is_empty():
        raise DomainError("There are customers in this database already. The demo fills an empty one only.")


def peak_mb() -> float:
    """Return the most memory this process has held, in megabytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024 / (1024 if sys.platform == "darwin" else 1)


def fill(size: int, seed: int = 1, *, score: bool = True, say: Say = print) -> None:
    """Fill an empty database with `size` customers, ten order lines each on average, and the people who serve them.

    Customers are households of the extract, drawn and thinned by the seed. All is written in one transaction, the
    scores after it. Raises DomainError for a database that is not empty and a size that is none.
    """
    if not 1 <= size <= MOST:
        raise DomainError(f"The size lies between 1 and {MOST:,} customers.")
    check_empty()
    began = time.monotonic()
    with pghistory.context(actor="demo"), bare_tables(*TABLES):
        _load(size, seed, say)
        say("Making indexes …")
    orders.refresh_statistics()
    seconds = time.monotonic() - began
    say(f"{size:,} customers in {seconds:.1f} s ({size / seconds:,.0f} a second), at most {peak_mb():.0f} MB")
    if score:
        score_all(say)
        orders.refresh_statistics(Score._meta.db_table)
    else:
        figures.refresh_all()


def score_all(say: Say) -> None:
    """Score everybody, here and now."""
    began = time.monotonic()
    run = scoring.run_here()
    say(f"{run.customers:,} customers scored in {time.monotonic() - began:.1f} s, at most {peak_mb():.0f} MB")


def _load(size: int, seed: int, say: Say) -> None:
    owners = [person.pk for person in staff.reps(staff.hire())]
    extract, book, ground = Extract.read(), people.Book(), dealings.Ground()
    products = orders.write_products(extract)
    for start in range(0, size, BATCH):
        count = min(BATCH, size - start)
        rng = np.random.default_rng([seed, start])
        bought = purchases.thinned(extract, rng.integers(0, extract.households, count), rng)
        made = people.invent(count, owners, book, rng)
        went = dealings.invent(ground, made, book, rng)
        since, touched = first_and_last(bought, count, went.touched)
        people.write(made, since, touched, book, rng)
        orders.write_orders(extract, products, made, bought, book)
        dealings.write(went)
        if (start // BATCH) % 5 == 4:
            say(f"{start + count:,} of {size:,} customers, {peak_mb():.0f} MB")


def first_and_last(
    bought: purchases.Chosen, count: int, touched: dict[int, datetime]
) -> tuple[list[str], list[str | None]]:
    """Return since when somebody is a customer, and when they were last in touch, if ever."""
    first, last = orders.first_and_last(bought, count)
    for place, at in touched.items():
        last[place] = np.fmax(last[place], np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "m"))
    since = np.where(np.isnat(first), purchases.year_start()[0], first)
    return orders.moments(since), [
        None if nothing else text for nothing, text in zip(np.isnat(last).tolist(), orders.moments(last), strict=True)
    ]

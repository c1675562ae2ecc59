"""Measurements of sales: how fast order lines come in."""

import random
from collections.abc import Iterator
from typing import Any

from contacts.bench import ROWS, measured_import, write_table
from crm.benching.pages import Page

LINES_A_CONTACT = 5
PRODUCTS = 2_000
HEADER = ["order", "customer", "date", "product number", "product", "quantity", "amount"]


def order_lines(count: int, customers: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows of order lines, an order's lines one after the other, one order in fifty a return."""
    dice = random.Random(seed)
    number, left, head = 0, 0, ("", "", "")
    for _n in range(count):
        if not left:
            number, left = number + 1, dice.randrange(1, 10)
            day = f"{dice.randrange(2024, 2026)}-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
            head = (f"A-{number}", f"C{dice.randrange(customers)}", f"{day} {dice.randrange(8, 20):02d}:15")
        left -= 1
        product, pieces, sign = dice.randrange(PRODUCTS), dice.randrange(1, 4), -1 if number % 50 == 0 else 1
        cents = sign * pieces * (99 + 10 * (product % 200))
        yield *head, f"P{product:04d}", f"Product {product}", sign * pieces, f"{cents / 100:.2f}"


def bench_import(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Take order lines in, for the contacts that came in before."""
    customers = options["size"] or ROWS
    rows = order_lines(LINES_A_CONTACT * customers, customers, options["seed"])
    yield measured_import("order lines", "orders", write_table("orders.csv", HEADER, rows))


PAGES = (Page("board", ("/sales/",)),)
BENCHES = {"import": bench_import}

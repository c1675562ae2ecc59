"""Products, orders, their lines and their place on the timeline, by COPY."""

from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection

from contacts.models import Touchpoint
from crm.demo.extract import Extract
from crm.demo.people import Book, Customers, new_keys
from crm.demo.purchases import Chosen
from crm.lib import money
from crm.lib.copy import copy_rows
from sales.models import Order, OrderLine, Product

ORDER = [
    "id", "number", "customer_id", "contact_id", "placed_at", "total", "currency", "lines_count", "source",
    "created_at",
]  # fmt: skip
TOUCH = [
    "customer_id", "contact_id", "at", "kind", "channel", "direction", "summary", "body", "source_type", "source_id",
    "url", "data",
]  # fmt: skip


def write_products(extract: Extract) -> Any:
    """Write the catalogue at the usual price of each product; returns the keys in the extract's order."""
    kind, pieces, cents = (extract.arrays[f"line_{name}"] for name in ("kind", "pieces", "cents"))
    sold = np.bincount(kind, weights=pieces, minlength=len(extract.products))
    paid = np.bincount(kind, weights=cents, minlength=len(extract.products))
    prices = np.round(paid / np.maximum(sold, 1)) / 100
    keys = new_keys(Product._meta.db_table, len(prices))
    copy_rows(
        Product._meta.db_table,
        ["id", "sku", "name", "department", "brand", "price", "price_currency", "is_active"],
        (
            (key, item.sku, item.name, item.department, item.brand, price, settings.DEFAULT_CURRENCY, "t")
            for key, item, price in zip(keys, extract.products, prices.tolist(), strict=True)
        ),
    )
    return np.array(keys)


def moments(values: Any) -> list[str]:
    """Return datetime64 values as ISO text in UTC."""
    text: list[str] = np.datetime_as_string(values, unit="m", timezone="UTC").tolist()
    return text


def first_and_last(bought: Chosen, count: int) -> tuple[Any, Any]:
    """Return the moments of each customer's first and last purchase; NaT for who bought nothing."""
    first, last = np.full(count, np.datetime64("NaT", "m")), np.full(count, np.datetime64("NaT", "m"))
    last[bought.customer] = bought.at
    first[bought.customer[::-1]] = bought.at[::-1]
    return first, last


def write_orders(extract: Extract, products: Any, made: Customers, bought: Chosen, book: Book) -> None:
    """Write the orders of a batch of customers, their lines, and a touchpoint for each."""
    count = len(bought.customer)
    keys = new_keys(Order._meta.db_table, count)
    numbers = [f"B{book.orders + place + 1:07d}" for place in range(count)]
    book.orders += count
    owners = [made.key[place] for place in bought.customer.tolist()]
    contacts = [made.contact[place] for place in bought.customer.tolist()]
    at, totals, currency = moments(bought.at), (bought.cents / 100).tolist(), settings.DEFAULT_CURRENCY
    symbol = money.symbol(currency)
    copy_rows(
        Order._meta.db_table,
        ORDER,
        (
            (key, number, owner, contact, placed, total, currency, lines, "import", placed)
            for key, number, owner, contact, placed, total, lines in zip(
                keys, numbers, owners, contacts, at, totals, bought.count.tolist(), strict=True
            )
        ),
    )
    _write_lines(extract, products, keys, bought)
    copy_rows(
        Touchpoint._meta.db_table,
        TOUCH,
        (
            (owner, contact, placed, "order", "order", "in", f"Order {number}, {symbol}{total:,.2f}", "",
             "sales.order", key, f"/sales/orders/{key}/", "{}")
            for key, number, owner, contact, placed, total in zip(
                keys, numbers, owners, contacts, at, totals, strict=True
            )
        ),
    )  # fmt: skip


def _write_lines(extract: Extract, products: Any, keys: range, bought: Chosen) -> None:
    first = np.cumsum(bought.count) - bought.count
    place = np.arange(len(bought.line)) - np.repeat(first, bought.count) + 1
    arrays = extract.arrays
    copy_rows(
        OrderLine._meta.db_table,
        ["order_id", "line_no", "product_id", "quantity", "amount"],
        zip(
            np.repeat(np.array(keys, dtype=np.int64), bought.count).tolist(),
            place.tolist(),
            products[arrays["line_kind"][bought.line]].tolist(),
            arrays["line_pieces"][bought.line].tolist(),
            (arrays["line_cents"][bought.line] / 100).tolist(),
            strict=True,
        ),
    )


def refresh_statistics(table: str = "") -> None:
    """Let Postgres look at a table, or at all, so that the next query is planned for what is in there now."""
    with connection.cursor() as cursor:
        cursor.execute(f"{'ANALYZE' if connection.in_atomic_block else 'VACUUM (ANALYZE)'} {table}")

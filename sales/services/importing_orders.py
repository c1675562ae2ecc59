"""Order lines out of files, streamed: one row is one line, an order is what shares a number.

Rows without an order number are grouped by customer and day. A file may be larger than memory: five thousand rows
are held at a time, written by COPY, with the totals of their orders brought forward in the same transaction.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Import
from contacts.services.importing import Field, ImportKind, Plan, Row
from crm.events import publish
from crm.lib import money
from crm.lib.clock import now
from crm.lib.copy import copy_rows
from crm.lib.words import kept
from sales.events import OrdersImported
from sales.models import Order, OrderLine, Product
from sales.services import ordering

FIELDS = (
    Field("customer", gettext_lazy("Customer's number"), ("customer_id", "cust_id", "household_id", "kunde"), True),
    Field("placed_at", gettext_lazy("Date"), ("date", "order date", "datum", "transaction_timestamp"), True),
    Field("amount", gettext_lazy("Amount"), ("sales_value", "total", "betrag", "dollar value", "spend", "value"), True),
    Field("quantity", gettext_lazy("Quantity"), ("qty", "menge", "cds", "units", "number of cds")),
    Field("number", gettext_lazy("Order number"), ("order", "order_id", "basket_id", "bestellung", "invoice")),
    Field("sku", gettext_lazy("Product number"), ("product_id", "sku", "artikel", "article")),
    Field("product", gettext_lazy("Product name"), ("product", "description", "product_type")),
)
FORMATS = ("%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%Y/%m/%d")
CENT = Decimal("0.01")


@dataclass
class Lines:
    """A batch, read: the rows that are well, the orders and products they name."""

    rows: list[tuple[int, str, int, str, str, Decimal, Decimal]] = field(default_factory=list)
    """line, order number, customer, placed at, sku, quantity, amount"""
    names: dict[str, str] = field(default_factory=dict)
    orders: dict[str, tuple[int, int]] = field(default_factory=dict)
    """number → (id, highest line so far) of the orders this import has begun already"""


@lru_cache(maxsize=4096)
def moment(text: str) -> str | None:
    """Return an ISO moment in UTC of a date or time as files write them, None for what is none."""
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        for pattern in FORMATS:
            try:
                made = datetime.strptime(text, pattern)  # noqa: DTZ007  (aware two lines below)
                break
            except ValueError:
                continue
        else:
            return None
    if made.tzinfo is None:
        # A bare day is noon: in no zone does it become another day.
        made = made.replace(tzinfo=UTC, hour=made.hour or (12 if len(text) <= 10 else 0))
    return made.astimezone(UTC).isoformat() if date(1970, 1, 1) <= made.date() <= date(2100, 1, 1) else None


def number(text: str) -> Decimal | None:
    """Return a decimal as files write it (1234.50, 1234,50), None for what is none."""
    try:
        value = Decimal(text if "," not in text else text.replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < 10**9 else None


def _customers(rows: list[Row]) -> dict[str, int]:
    wanted = list({row.get("customer", "") for _line, row in rows} - {""})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_id, customer_id FROM contacts_party WHERE external_id = ANY(%s) AND external_id <> ''",
            [wanted],
        )
        return dict(cursor.fetchall())


def _known_orders(batch: Import, numbers: set[str]) -> tuple[dict[str, tuple[int, int]], set[str]]:
    """Return the orders this import has begun, and those that were there before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, id, lines_count, imported_by_id FROM sales_order WHERE number = ANY(%s)", [list(numbers)]
        )
        found = cursor.fetchall()
    ours = {name: (pk, count) for name, pk, count, source in found if source == batch.pk}
    return ours, {name for name, _pk, _count, _source in found} - set(ours)


def plan(batch: Import, rows: list[Row]) -> Plan:
    """Read the rows; refuse what names no customer, no day, no amount, or an order that is here already."""
    made, read = Plan(), Lines()
    customers = _customers(rows)
    well = []
    for line, row in rows:
        item, reason = _read(line, row, customers)
        if item is None:
            made.refuse(line, reason, row)
        else:
            well.append((item, row))
    read.orders, taken = _known_orders(batch, {item[1] for item, _row in well})
    for item, row in well:
        if item[1] in taken:
            made.refuse(item[0], _("Order %(number)s is here already.") % {"number": item[1]}, row)
            continue
        read.rows.append(item)
        if item[4]:
            read.names[item[4]] = row.get("product", "")[:200] or item[4]
    made.created, made.state = len(read.rows), read
    made.samples = [
        (item[0], f"{item[1]}: {item[5]:g} × {item[4] or '–'}, {item[6]}", _("new")) for item in read.rows[:20]
    ]
    return made


def _read(line: int, row: dict[str, str], customers: dict[str, int]) -> tuple[Any, str]:
    customer = customers.get(row.get("customer", ""))
    if customer is None:
        return None, _("No customer has the number “%(number)s”.") % {"number": row.get("customer", "")[:60]}
    at = moment(row.get("placed_at", ""))
    if at is None:
        return None, _("“%(text)s” is not a date.") % {"text": row.get("placed_at", "")[:40]}
    amount = number(row.get("amount", ""))
    if amount is None:
        return None, _("“%(text)s” is not an amount.") % {"text": row.get("amount", "")[:40]}
    quantity = number(row.get("quantity") or "1")
    if quantity is None:
        return None, _("“%(text)s” is not a quantity.") % {"text": row.get("quantity", "")[:40]}
    name = row.get("number") or f"{row['customer']}/{at[:10]}"
    if len(name) > 80 or len(row.get("sku", "")) > 60:
        return None, _("An order or product number is too long.")
    return (line, name, customer, at, row.get("sku", ""), quantity, amount.quantize(CENT)), ""


def apply(batch: Import, made: Plan) -> None:
    """Write a planned batch."""
    read: Lines = made.state
    products = _products(read.names)
    fresh: dict[str, list[Any]] = {}
    sums: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for _line, name, customer, at, _sku, _quantity, amount in read.rows:
        sums[name] = sums.get(name, Decimal(0)) + amount
        counts[name] = counts.get(name, 0) + 1
        if name not in read.orders:
            fresh.setdefault(name, [customer, at])
    ids = _new_orders(batch, fresh, sums, counts)
    _bring_forward(read, sums, counts)
    begun = {name: count for name, (_pk, count) in read.orders.items()}
    ids |= {name: pk for name, (pk, _count) in read.orders.items()}
    copy_rows(
        OrderLine._meta.db_table,
        ["order_id", "line_no", "product_id", "quantity", "amount"],
        _numbered(read, ids, begun, products),
    )


def _numbered(read: Lines, ids: dict[str, int], begun: dict[str, int], products: dict[str, int]) -> Any:
    for _line, name, _customer, _at, sku, quantity, amount in read.rows:
        begun[name] = begun.get(name, 0) + 1
        yield ids[name], begun[name], products.get(sku), quantity, amount


def _products(names: dict[str, str]) -> dict[str, int]:
    """Return sku → id, making the products that are new."""
    known = _product_ids(names)
    new = [Product(sku=sku, name=name) for sku, name in names.items() if sku not in known]
    if new:
        Product.objects.bulk_create(new, ignore_conflicts=True)
        known = _product_ids(names)
    return known


def _product_ids(names: dict[str, str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sku, id FROM sales_product WHERE sku = ANY(%s)", [list(names)])
        return dict(cursor.fetchall())


def _new_orders(
    batch: Import, fresh: dict[str, list[Any]], sums: dict[str, Decimal], counts: dict[str, int]
) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('sales_order', 'id')) FROM generate_series(1, %s)", [len(fresh)]
        )
        ids = {name: pk for name, (pk,) in zip(fresh, cursor.fetchall(), strict=True)}
    at = now().isoformat()
    columns = ["id", "number", "customer_id", "placed_at", "total", "currency", "lines_count", "source"]
    rows = (
        (ids[name], name, customer, placed, sums[name], settings.DEFAULT_CURRENCY, counts[name], "import", batch.pk, at)
        for name, (customer, placed) in fresh.items()
    )
    copy_rows(Order._meta.db_table, [*columns, "imported_by_id", "created_at"], rows)
    return ids


def _bring_forward(read: Lines, sums: dict[str, Decimal], counts: dict[str, int]) -> None:
    """Add to the totals of orders that an earlier batch of this file began."""
    rows = [(pk, sums[name], counts[name]) for name, (pk, _count) in read.orders.items() if name in sums]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sales_order o SET total = o.total + new.total, lines_count = o.lines_count + new.lines"
            " FROM unnest(%s::bigint[], %s::numeric[], %s::int[]) AS new(id, total, lines) WHERE o.id = new.id",
            [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]],
        )


def finish(batch: Import) -> None:
    """Put the orders on their customers' timelines, and tell the rooms above."""
    words = [kept(one, number="%1$s", total="%2$s") for one in (ordering.RETURN, ordering.ORDER)]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contacts_touchpoint (customer_id, at, kind, channel, direction, summary, body, source_type,
                                             source_id, url, data)
            SELECT customer_id, placed_at, 'order', 'order', 'in',
                   format(CASE WHEN total < 0 THEN %s ELSE %s END, number,
                          %s || to_char(abs(total), 'FM999,999,999,990.00')),
                   '', 'sales.order', id, '/sales/orders/' || id || '/', '{}'
            FROM sales_order WHERE imported_by_id = %s
            """,
            [*words, money.symbol(settings.DEFAULT_CURRENCY), batch.pk],
        )
    publish(OrdersImported(import_id=batch.pk))


KIND = ImportKind("orders", gettext_lazy("Orders, one line a row"), FIELDS, plan, apply, finish)

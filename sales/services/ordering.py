"""Place an order, or a return, by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Party
from contacts.services import timeline
from crm.events import publish
from crm.lib import money as money_words
from crm.lib.clock import now
from crm.lib.errors import DomainError
from crm.lib.words import kept
from sales.events import OrderPlaced
from sales.models import Order, OrderLine, Product

ORDER, RETURN = gettext_lazy("Order %(number)s, %(total)s"), gettext_lazy("Return %(number)s, %(total)s")


@dataclass(frozen=True)
class Line:
    """What is bought; a negative quantity is sent back. Without an amount the product's price counts."""

    product: Product
    quantity: Decimal
    amount: Decimal | None = None


def _number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('sales_order', 'id'))")
        return f"O-{cursor.fetchone()[0]}"


@transaction.atomic
def place(
    *, actor: Any, customer: Party, lines: Sequence[Line], contact: Party | None = None, at: datetime | None = None
) -> Order:
    """Write an order with its lines. Raises DomainError without lines or with one of nothing."""
    if not lines:
        raise DomainError(_("An order needs a line."))
    if any(line.quantity == 0 for line in lines):
        raise DomainError(_("A line with quantity 0 buys nothing."))
    amounts = [money_words.round2(_amount(line)) for line in lines]
    order = Order.objects.create(
        number=_number(), customer_id=customer.customer_id, contact=contact, placed_at=at or now(),
        total=sum(amounts, Decimal(0)), currency=settings.DEFAULT_CURRENCY, lines_count=len(lines),
    )  # fmt: skip
    OrderLine.objects.bulk_create(
        OrderLine(order=order, line_no=place_no, product=line.product, quantity=line.quantity, amount=amount)
        for place_no, (line, amount) in enumerate(zip(lines, amounts, strict=True), start=1)
    )
    words = RETURN if order.total < 0 else ORDER
    total = money_words.fmt_amount(order.total, order.currency)
    timeline.record(
        customer_id=order.customer_id, contact=contact, kind="order", channel="order", direction="in", actor=actor,
        source=order, at=order.placed_at, summary=kept(words, number=order.number, total=total),
    )  # fmt: skip
    publish(OrderPlaced(order_id=order.pk, customer_id=order.customer_id))
    return order


def _amount(line: Line) -> Decimal:
    return line.quantity * line.product.price.amount if line.amount is None else line.amount

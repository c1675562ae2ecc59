"""An opportunity, an order and a product."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from djmoney.money import Money

from sales.models import Product
from sales.services import ordering, pipeline


def arguments(cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Make them for the customer of the room below."""
    product = Product.objects.create(sku="B-1", name="House blend", department="Coffee", price=Money(12, "USD"))
    card = cast.opportunity = pipeline.open_opportunity(
        actor=cast.alice, name="Four machines", customer=cast.elin, contact=cast.elin, value=Money(31200, "USD")
    )
    order = ordering.place(actor=cast.alice, customer=cast.elin, lines=[ordering.Line(product, Decimal(2))])
    names = ("opportunity", "edit", "move", "win", "lose", "reopen")
    return {
        **{f"sales:{name}": [card.pk] for name in names},
        "sales:stage": [card.pk, card.stage_id],
        "sales:lane": [card.stage_id],
        "sales:party_panel": [cast.elin.pk],
        "sales:orders_panel": [cast.elin.pk],
        "sales:order": [order.pk],
        "sales:product": [product.pk],
        "sales:product_edit": [product.pk],
    }

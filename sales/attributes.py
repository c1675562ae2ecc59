"""What sales knows of a customer, offered to filters, segments, routing and merge fields."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from crm.lib import registry
from sales.models import Opportunity, Order


def _of_customer(rows: Any, figure: Any) -> Callable[[Any, str], Any]:
    def annotate(queryset: Any, name: str) -> Any:
        found = rows.filter(customer_id=OuterRef("customer_id")).order_by().values("customer_id")
        return queryset.annotate(**{name: Subquery(found.annotate(figure=figure).values("figure")[:1])})

    return annotate


def register() -> None:
    """Offer them."""
    orders, opened = Order.objects.all(), Opportunity.objects.filter(status="open")
    entries = [
        ("sales.total_spend", _("Spent in all"), "money", _of_customer(orders, Sum("total"))),
        ("sales.order_count", _("Orders"), "number", _of_customer(orders, Count("pk"))),
        ("sales.last_order", _("Last order"), "date", _of_customer(orders, Max("placed_at"))),
        ("sales.first_order", _("First order"), "date", _of_customer(orders, Min("placed_at"))),
        ("sales.open_pipeline", _("Open opportunities, sum"), "money", _of_customer(opened, Sum("value"))),
    ]
    for key, label, kind, annotate in entries:
        registry.attribute(registry.Attribute(key, label, kind, annotate))

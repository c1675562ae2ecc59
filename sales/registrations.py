"""What this room hangs up for the others and for the shell."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from contacts.services import importing
from crm.lib import registry
from crm.ui import cells
from sales import attributes
from sales.models import Opportunity, Order
from sales.selectors import Figures, figures
from sales.services import importing_orders, pipeline


def find(user: Any, words: str, limit: int) -> Iterable[registry.Hit]:
    """Find opportunities for the palette."""
    rows = Opportunity.objects.visible_to(user).search(words).select_related("customer", "stage")
    for row in rows.order_by("status", "-pk")[:limit]:
        yield registry.Hit(row.name, f"{row.customer.name}, {row.stage.name}", row.get_absolute_url(), "trophy")


def find_orders(user: Any, words: str, limit: int) -> Iterable[registry.Hit]:
    """Find orders by number."""
    if not any(char.isdigit() for char in words):
        return
    rows = Order.objects.visible_to(user).filter(number__istartswith=words.strip()).select_related("customer")
    for row in rows.order_by("-pk")[:limit]:
        yield registry.Hit(row.number, row.customer.name, row.get_absolute_url(), "package")


def _figures(obj: Any) -> Figures:
    """Read a customer's figures once for all vitals of a page."""
    if not hasattr(obj, "_sales_figures"):
        obj._sales_figures = figures(obj.customer_id)
    found: Figures = obj._sales_figures
    return found


def spent_vital(user: Any, obj: Any) -> registry.Vital:
    """Bought within a year."""
    found = _figures(obj)
    words = ngettext("%(n)s order, 12 months", "%(n)s orders, 12 months", found.orders) % {"n": f"{found.orders:,}"}
    return registry.Vital(cells.amount(found.spent), words, f"{reverse('sales:orders')}?customer={obj.customer_id}")


def pipeline_vital(user: Any, obj: Any) -> registry.Vital | None:
    """Sum of the open opportunities."""
    found = _figures(obj)
    if not found.opportunities:
        return None
    count = found.opportunities
    words = ngettext("%(n)d open opportunity", "%(n)d open opportunities", count) % {"n": count}
    return registry.Vital(cells.amount(found.pipeline), words)


def register() -> None:
    """Hang it all up."""
    attributes.register()
    importing.register(importing_orders.KIND)
    registry.default("sales", pipeline.ensure_defaults)
    menu = gettext_lazy("Sales")
    registry.menu("board", gettext_lazy("Opportunities"), "sales:board", "trophy", menu, 20, "sales.view")
    registry.menu("orders", gettext_lazy("Orders"), "sales:orders", "package", menu, 21, "sales.view")
    registry.menu("products", gettext_lazy("Products"), "sales:products", "tag", menu, 22, "sales.view")
    registry.action(
        "new-opportunity", gettext_lazy("New opportunity"), "sales:create", "plus", permission="sales.create"
    )
    registry.action("new-order", gettext_lazy("New order"), "sales:order_create", "plus", permission="sales.create")
    registry.search("opportunities", gettext_lazy("Opportunities"), find, weight=8)
    registry.search("orders", gettext_lazy("Orders"), find_orders, weight=4)
    registry.vital("party", "spent", gettext_lazy("Bought"), spent_vital, order=30)
    registry.vital("party", "pipeline", gettext_lazy("Pipeline"), pipeline_vital, order=40)
    registry.panel("party", "opportunities", gettext_lazy("Opportunities"), "sales:party_panel", 20, "sales.view")
    registry.panel("party", "orders", gettext_lazy("Orders"), "sales:orders_panel", 40, "sales.view")
    for kind, label, icon in (
        ("order", gettext_lazy("Order"), "package"),
        ("opportunity-opened", gettext_lazy("Opportunity opened"), "circle-dot"),
        ("opportunity-moved", gettext_lazy("Opportunity moved"), "arrow-right"),
        ("opportunity-won", gettext_lazy("Opportunity won"), "trophy"),
        ("opportunity-lost", gettext_lazy("Opportunity lost"), "circle-x"),
    ):
        registry.timeline_kind(kind, label, icon, "orders" if kind == "order" else "sales")

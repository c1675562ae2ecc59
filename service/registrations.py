"""What this room hangs up for the others and for the shell."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext_lazy

from crm.lib import registry
from service.models import Ticket
from service.services import sla


def find(user: Any, words: str, limit: int) -> Iterable[registry.Hit]:
    """Find tickets for the palette."""
    rows = Ticket.objects.visible_to(user).search(words).select_related("customer").order_by("-pk")[:limit]
    for row in rows:
        caption = f"{row.number}, {row.customer.name}, {row.get_status_display()}"
        yield registry.Hit(row.subject, caption, row.get_absolute_url(), "lifebuoy")


def open_count(queryset: Any, name: str) -> Any:
    """Annotate parties with the number of their customer's open tickets."""
    rows = Ticket.objects.alive().filter(customer_id=OuterRef("customer_id")).order_by().values("customer_id")
    return queryset.annotate(**{name: Subquery(rows.annotate(n=Count("pk")).values("n")[:1])})


def register() -> None:
    """Hang it all up."""
    registry.default("service", sla.ensure_defaults)
    registry.attribute(registry.Attribute("service.open_tickets", gettext_lazy("Open tickets"), "number", open_count))
    registry.menu(
        "tickets", gettext_lazy("Tickets"), "service:list", "lifebuoy", gettext_lazy("Service"), 40, "service.view"
    )
    registry.action("new-ticket", gettext_lazy("New ticket"), "service:create", "plus", permission="service.create")
    registry.search("tickets", gettext_lazy("Tickets"), find, weight=7)
    registry.panel("party", "tickets", gettext_lazy("Open tickets"), "service:party_panel", 15, "service.view")
    for kind, label, icon in (
        ("ticket-opened", gettext_lazy("Ticket opened"), "lifebuoy"),
        ("ticket-reply", gettext_lazy("Answered by e-mail"), "mail"),
        ("ticket-resolved", gettext_lazy("Ticket resolved"), "circle-check"),
    ):
        registry.timeline_kind(kind, label, icon, "service")

"""What this room hangs up for the others and for the shell."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Max, OuterRef, Subquery
from django.utils.translation import gettext_lazy

from contactcentre.models import Call
from contactcentre.services import setup
from crm.lib import phones, registry
from crm.ui import cells


def find(user: Any, words: str, limit: int) -> Iterable[registry.Hit]:
    """Find calls by the last digits of their number."""
    if sum(char.isdigit() for char in words) < 4:
        return
    rows = Call.objects.visible_to(user).search(words).select_related("customer").order_by("-pk")[:limit]
    for row in rows:
        who = row.customer.name if row.customer else str(gettext_lazy("Not known"))
        yield registry.Hit(phones.show(row.other_number), who, row.get_absolute_url(), "phone")


def last_call(queryset: Any, name: str) -> Any:
    """Annotate parties with the moment of their customer's last call."""
    rows = Call.objects.filter(customer_id=OuterRef("customer_id")).order_by().values("customer_id")
    return queryset.annotate(**{name: Subquery(rows.annotate(last=Max("started_at")).values("last")[:1])})


def origin_vital(user: Any, obj: Any) -> registry.Vital | None:
    """Say from which call a ticket or opportunity came."""
    key = obj.source_call_id
    call = Call.objects.visible_to(user).filter(pk=key).first() if key else None
    if call is None:
        return None
    return registry.Vital(phones.show(call.other_number), cells.moment(call.started_at), call.get_absolute_url())


def register() -> None:
    """Hang it all up."""
    registry.default("contactcentre", setup.ensure_defaults)
    registry.attribute(registry.Attribute("contactcentre.last_call", gettext_lazy("Last call"), "date", last_call))
    menu = gettext_lazy("Telephone")
    registry.menu("console", gettext_lazy("Console"), "contactcentre:console", "headset", menu, 60, "calls.use")
    registry.menu("calls", gettext_lazy("Calls"), "contactcentre:list", "phone", menu, 61, "calls.view")
    if settings.SIMULATOR_URL:
        label = gettext_lazy("Telephone simulator")
        registry.menu("simulator", label, "contactcentre:simulator", "dialpad", menu, 62, "calls.manage")
    registry.search("calls", gettext_lazy("Calls"), find, weight=2)
    registry.panel("party", "calls", gettext_lazy("Calls"), "contactcentre:party_panel", 30, "calls.view")
    for record in ("ticket", "opportunity"):
        registry.vital(record, "origin", gettext_lazy("From the call"), origin_vital, order=50)
    for kind, label, icon in (
        ("call", gettext_lazy("Call"), "phone"),
        ("call-missed", gettext_lazy("Missed call"), "phone-off"),
    ):
        registry.timeline_kind(kind, label, icon, "calls")

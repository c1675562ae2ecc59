"""What is known of a customer on this floor, offered to filters, segments, routing and merge fields."""

from collections.abc import Callable
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from contacts.models import Address, Score
from crm.lib import registry


def score_value(kind: str, column: str = "value") -> Callable[[Any, str], Any]:
    """Return an annotation that looks a score up by customer."""

    def annotate(queryset: Any, name: str) -> Any:
        rows = Score.objects.filter(customer_id=OuterRef("customer_id"), kind=kind)
        return queryset.annotate(**{name: Subquery(rows.values(column)[:1])})

    return annotate


def field(path: str) -> Callable[[Any, str], Any]:
    """Return an annotation of a column of the party."""
    return lambda queryset, name: queryset.annotate(**{name: F(path)})


def address(column: str) -> Callable[[Any, str], Any]:
    """Return an annotation of the first postal address."""

    def annotate(queryset: Any, name: str) -> Any:
        rows = Address.objects.filter(party_id=OuterRef("customer_id")).order_by("-is_primary", "pk")
        return queryset.annotate(**{name: Subquery(rows.values(column)[:1])})

    return annotate


def _labels(kind: str) -> Callable[[], list[tuple[str, Any]]]:
    return lambda: [
        (label, _(label))
        for label in Score.objects.filter(kind=kind).values_list("label", flat=True).distinct()
        if label
    ]


def register() -> None:
    """Offer them."""
    entries = [
        ("contacts.name", _("Name"), "text", field("name"), None),
        ("contacts.source", _("Source"), "text", field("source"), None),
        ("contacts.created", _("Customer since"), "date", field("created_at"), None),
        ("contacts.last_touch", _("Last contact"), "date", field("last_touch_at"), None),
        ("contacts.city", _("City"), "text", address("city"), None),
        ("contacts.region", _("Region"), "text", address("region"), None),
        ("contacts.country", _("Country"), "text", address("country"), None),
        ("contacts.lifetime_value", _("Lifetime value"), "money", score_value("lifetime_value"), None),
        (
            "contacts.value_percentile",
            _("Lifetime value, rank"),
            "rank",
            score_value("lifetime_value", "percentile"),
            None,
        ),
        ("contacts.churn_risk", _("Churn risk"), "share", score_value("churn"), None),
        ("contacts.rfm_segment", _("RFM segment"), "choice", score_value("rfm", "label"), _labels("rfm")),
        ("contacts.value_decile", _("Value decile"), "number", score_value("decile"), None),
    ]
    for key, label, type_, annotate, choices in entries:
        registry.attribute(registry.Attribute(key, label, type_, annotate, choices))

"""Filters of the lists of customers."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from contacts.models import Party, Score, Tag
from crm.accounts.models import User
from crm.ui.filters import HouseFilterSet

FEW = 1_000


def _customers(kind: str, **lookup: Any) -> QuerySet[Any] | list[int]:
    """Return the customers with such a score: their keys when they are few, else a subquery.

    Postgres cannot tell how many there are, because each kind of score has a range of its own, and would for a
    handful walk through all customers in the order of the list.
    """
    rows = Score.objects.filter(kind=kind, **lookup).values_list("customer_id", flat=True)
    few = list(rows[: FEW + 1])
    return few if len(few) <= FEW else rows


class PartyFilter(HouseFilterSet):
    """Owner, tag, city, value and risk."""

    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.filter(is_system=False))
    tag = django_filters.ModelChoiceFilter(label=_("Tag"), field_name="tags", queryset=Tag.objects.all())
    city = django_filters.CharFilter(label=_("City"), method="by_city")
    value_from = django_filters.NumberFilter(label=_("Lifetime value from"), method="by_value")
    risk_from = django_filters.NumberFilter(label=_("Churn risk from, per cent"), method="by_risk")
    decile = django_filters.NumberFilter(label=_("Value decile, 1 is the highest"), method="by_decile")
    segment = django_filters.CharFilter(label=_("Segment by purchases"), method="by_segment")

    class Meta:
        model = Party
        fields = ()

    def by_city(self, queryset: Any, name: str, value: str) -> Any:
        """Keep one city."""
        return queryset.filter(addresses__city__iexact=value)

    def by_value(self, queryset: Any, name: str, value: Any) -> Any:
        """Keep customers whose lifetime value is at least this."""
        return queryset.filter(customer_id__in=_customers("lifetime_value", value__gte=value))

    def by_risk(self, queryset: Any, name: str, value: Any) -> Any:
        """Keep customers whose churn risk is at least this many per cent."""
        return queryset.filter(customer_id__in=_customers("churn", value__gte=float(value) / 100))

    def by_decile(self, queryset: Any, name: str, value: Any) -> Any:
        """Keep one value decile."""
        return queryset.filter(customer_id__in=_customers("decile", value=value))

    def by_segment(self, queryset: Any, name: str, value: str) -> Any:
        """Keep one segment of recency and frequency, by its name."""
        return queryset.filter(customer_id__in=_customers("rfm", label__iexact=value))

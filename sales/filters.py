"""Filters of the lists of this room."""

import django_filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.ui.filters import HouseFilterSet
from crm.ui.forms import DateInput
from sales.models import Opportunity, Order, Product, Stage
from sales.states import OpportunityStatus


class OpportunityFilter(HouseFilterSet):
    """Status, stage, owner, value."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=OpportunityStatus.choices)
    stage = django_filters.ModelChoiceFilter(label=_("Stage"), queryset=Stage.objects.all())
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.filter(is_system=False))
    value_from = django_filters.NumberFilter(label=_("Value from"), field_name="value", lookup_expr="gte")

    class Meta:
        model = Opportunity
        fields = ()


class OrderFilter(HouseFilterSet):
    """Customer, days, amount."""

    customer = django_filters.NumberFilter(label=_("Customer, key"), field_name="customer_id")
    since = django_filters.DateFilter(
        label=_("From"), field_name="placed_at", lookup_expr="date__gte", widget=DateInput()
    )
    until = django_filters.DateFilter(
        label=pgettext_lazy("date", "To"), field_name="placed_at", lookup_expr="date__lte", widget=DateInput()
    )
    total_from = django_filters.NumberFilter(label=_("Total from"), field_name="total", lookup_expr="gte")

    class Meta:
        model = Order
        fields = ()


class ProductFilter(HouseFilterSet):
    """Sold or not."""

    department = django_filters.CharFilter(label=_("Department"), lookup_expr="iexact")
    is_active = django_filters.BooleanFilter(label=_("Sold"))

    class Meta:
        model = Product
        fields = ()

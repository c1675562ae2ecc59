"""Filters of the list of calls."""

import django_filters
from django.utils.translation import gettext_lazy as _

from contactcentre.models import Call, Disposition, Queue
from contactcentre.states import CallResult
from crm.ui.filters import HouseFilterSet
from crm.ui.forms import DateInput


class CallFilter(HouseFilterSet):
    """By way, result, queue, disposition and day."""

    direction = django_filters.ChoiceFilter(label=_("Direction"), choices=Call._meta.get_field("direction").choices)
    result = django_filters.ChoiceFilter(label=_("Result"), choices=CallResult.choices)
    queue = django_filters.ModelChoiceFilter(label=_("Queue"), queryset=Queue.objects.all())
    disposition = django_filters.ModelChoiceFilter(label=_("Outcome"), queryset=Disposition.objects.all())
    since = django_filters.DateFilter(
        label=_("Since"), field_name="started_at", lookup_expr="date__gte", widget=DateInput()
    )
    customer = django_filters.NumberFilter(label=_("Customer, number"), field_name="customer_id")

    class Meta:
        model = Call
        fields: list[str] = []

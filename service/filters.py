"""Filters of the list of tickets."""

import django_filters
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.ui.filters import HouseFilterSet
from service.models import Ticket
from service.states import Priority, TicketStatus


class TicketFilter(HouseFilterSet):
    """Status, priority, owner."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=TicketStatus.choices)
    priority = django_filters.ChoiceFilter(label=_("Priority"), choices=Priority.choices)
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.filter(is_system=False))
    customer = django_filters.NumberFilter(label=_("Customer, key"), field_name="customer_id")

    class Meta:
        model = Ticket
        fields = ()

"""Forms about tickets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.ui.forms import HouseForm, HouseHelper, pair
from sales.forms import PartyField
from service.models import Ticket
from service.states import Priority

PEOPLE = User.objects.filter(is_active=True, is_system=False)


class TicketForm(HouseForm):
    """A new ticket."""

    helper = HouseHelper("customer", "subject", "description", pair("priority", "owner"))
    customer = PartyField(
        label=gettext_lazy("Customer"),
        help_text=gettext_lazy("Name, number, e-mail or telephone of a contact or account."),
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("What did they say?"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Priority.choices, initial=Priority.NORMAL)
    owner = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=PEOPLE, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].user = user  # type: ignore[attr-defined]


class TicketEditForm(HouseForm):
    """Changes to a ticket."""

    helper = HouseHelper("subject", pair("priority", "owner"))
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Priority.choices)
    owner = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=PEOPLE, required=False)

    def __init__(self, *args: Any, instance: Ticket, **kwargs: Any) -> None:
        initial = {"subject": instance.subject, "priority": instance.priority, "owner": instance.owner_id}
        super().__init__(*args, initial=initial, **kwargs)

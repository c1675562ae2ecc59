"""Forms of the contact centre."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.states import Outcome
from contactcentre.models import Call, Disposition
from crm.lib import phones
from crm.ui.forms import DateTimeInput, HouseForm
from service.states import Priority


class WrapUpForm(HouseForm):
    """How it went. A call of a list that is to be repeated needs a time."""

    disposition = forms.ModelChoiceField(
        label=gettext_lazy("Outcome"), queryset=Disposition.objects.filter(is_active=True), widget=forms.RadioSelect,
        empty_label=None, error_messages={"required": gettext_lazy("Say how it went.")},
    )  # fmt: skip
    notes = forms.CharField(label=gettext_lazy("Notes"), required=False, max_length=10_000, widget=forms.Textarea)
    callback_at = forms.DateTimeField(label=gettext_lazy("Call back at"), required=False, widget=DateTimeInput())

    def clean(self) -> dict[str, Any]:
        """A call-back has a time."""
        values: dict[str, Any] = super().clean() or {}
        chosen = values.get("disposition")
        if chosen and chosen.outcome == Outcome.CALLBACK and not values.get("callback_at"):
            self.add_error("callback_at", _("Say when to call back."))
        return values


class CallTicketForm(HouseForm):
    """A ticket out of a call: who it is about is known."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("What did they say?"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Priority.choices, initial=Priority.NORMAL)


class CallOpportunityForm(HouseForm):
    """An opportunity out of a call."""

    name = forms.CharField(label=gettext_lazy("What may be sold"), max_length=160)
    value = forms.DecimalField(label=gettext_lazy("Value"), max_digits=14, decimal_places=2, min_value=0, initial=0)


class CallerForm(HouseForm):
    """Somebody new on the telephone."""

    first_name = forms.CharField(label=gettext_lazy("First name"), required=False, max_length=80)
    last_name = forms.CharField(label=gettext_lazy("Last name"), required=False, max_length=80)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)

    def clean(self) -> dict[str, Any]:
        """A person needs a name."""
        values: dict[str, Any] = super().clean() or {}
        if not (values.get("first_name") or values.get("last_name")):
            self.add_error("last_name", _("Write a first or a last name."))
        return values


class PracticeForm(HouseForm):
    """A call to let in by the simulator."""

    number = forms.CharField(label=gettext_lazy("From number"), max_length=40)
    key = forms.ChoiceField(label=gettext_lazy("Presses"), required=False)
    patience = forms.IntegerField(
        label=gettext_lazy("Gives up after, seconds"), required=False, min_value=1, max_value=3600, initial=120
    )

    def __init__(self, *args: Any, queues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(queue.digit, f"{queue.digit}, {queue.name}") for queue in queues if queue.digit]
        self.fields["key"].choices = [*choices, ("", gettext_lazy("nothing"))]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """Refuse what is no number."""
        number = phones.parse(self.cleaned_data["number"])
        if number is None:
            raise forms.ValidationError(_("This is not a telephone number."))
        return number


def wrap_up_form(call: Call, data: Any = None) -> WrapUpForm:
    """Return the form for a call, with its notes so far."""
    return WrapUpForm(data, initial={"notes": call.notes, "disposition": call.disposition_id}, auto_id="wrap_%s")

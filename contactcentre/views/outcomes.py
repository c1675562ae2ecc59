"""What a call becomes while it is in hand: a ticket, an opportunity, a new contact. Dialogs over the console."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcentre.forms import CallerForm, CallOpportunityForm, CallTicketForm
from contactcentre.models import Call
from contactcentre.services import calling, outcomes
from contactcentre.views.verbs import mine
from crm.ui.views import ConfirmView


class OfCallView(ConfirmView):
    """A dialog about the call in hand; afterwards the console again."""

    model = Call

    def find(self, request: HttpRequest, pk: int) -> Call:
        """Only one's own call."""
        return mine(request, pk)

    def back(self) -> str:
        """Where the dialog leads."""
        return reverse("contactcentre:console")


class TicketView(OfCallView):
    """The call becomes a ticket."""

    permission = "service.create"
    form_class = CallTicketForm
    title = gettext_lazy("Open a ticket")
    verb = gettext_lazy("Open ticket")

    def initial(self, request: HttpRequest, obj: Call) -> dict[str, Any]:
        """The notes so far say what it is about."""
        return {"description": obj.notes}

    def perform(self, request: HttpRequest, obj: Call, form: Any) -> str:
        """Open it, linked to the call."""
        ticket = outcomes.open_ticket(obj, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Ticket %(number)s is open.") % {"number": ticket.number})
        return self.back()


class OpportunityView(OfCallView):
    """The call becomes an opportunity."""

    permission = "sales.create"
    form_class = CallOpportunityForm
    title = gettext_lazy("Open an opportunity")
    verb = gettext_lazy("Open opportunity")

    def perform(self, request: HttpRequest, obj: Call, form: Any) -> str:
        """Open it, linked to the call."""
        made = outcomes.open_opportunity(obj, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Opportunity “%(name)s” is open.") % {"name": made.name})
        return self.back()


class CallerView(OfCallView):
    """The caller becomes a contact."""

    permission = "contacts.create"
    form_class = CallerForm
    title = gettext_lazy("New contact")
    verb = gettext_lazy("Create and link")

    def perform(self, request: HttpRequest, obj: Call, form: Any) -> str:
        """Create and link."""
        calling.create_caller(obj, actor=request.user, **form.cleaned_data)
        return self.back()

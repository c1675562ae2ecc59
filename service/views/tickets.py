"""Tickets as a list, as a conversation, as forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Party
from contacts.selectors import scores_of
from crm.lib.clock import now
from crm.ui.htmx import see_other
from crm.ui.tables import Column
from crm.ui.views import CreateView, EditView, HouseView, ListView, RecordView
from sales.forms import party_words
from service.filters import TicketFilter
from service.forms import TicketEditForm, TicketForm
from service.models import Ticket
from service.selectors import open_tickets
from service.services import casework
from service.states import ALIVE, LEVELS, MOVES, Priority, TicketStatus

URGENCY = {Priority.LOW: "none", Priority.NORMAL: "none", Priority.HIGH: "warning", Priority.URGENT: "negative"}


class TicketListView(ListView):
    """All tickets."""

    permission = "service.view"
    title = gettext_lazy("Tickets")
    model = Ticket
    filterset_class = TicketFilter
    default_sort = "due"
    create_url = "service:create"
    create_label = gettext_lazy("Ticket")
    views = {
        "open": (gettext_lazy("Open"), lambda rows, user: rows.alive()),
        "mine": (gettext_lazy("Mine"), lambda rows, user: rows.alive().filter(owner=user)),
        "free": (gettext_lazy("Without owner"), lambda rows, user: rows.alive().filter(owner=None)),
        "overdue": (gettext_lazy("Overdue"), lambda rows, user: rows.overdue()),
        "all": (gettext_lazy("All"), lambda rows, user: rows),
    }
    columns = (
        Column("number", gettext_lazy("Number"), "number", sort="pk", url=lambda row: row.get_absolute_url()),
        Column("subject", gettext_lazy("Subject"), sort="subject", kind="link", url=lambda row: row.get_absolute_url()),
        Column("customer", gettext_lazy("Customer"), "customer.name", url=lambda row: row.customer.get_absolute_url()),
        Column(
            "status", gettext_lazy("Status"), lambda row: (row.get_status_display(), LEVELS[row.status]), kind="status"
        ),
        Column(
            "priority", gettext_lazy("Priority"), lambda row: (row.get_priority_display(), URGENCY[row.priority]),
            kind="status", hide="phone",
        ),
        Column("due", gettext_lazy("Due"), "resolution_due", "resolution_due", "when", hide="phone"),
        Column("owner", gettext_lazy("Owner"), "owner", kind="person", hide="phone"),
    )  # fmt: skip

    def narrowed(self, request: HttpRequest) -> tuple[Any, Any]:
        """The first view counts unless another is asked for."""
        rows, filterset = super().narrowed(request)
        return (rows if {"view", "status", "q"} & set(request.GET) else rows.alive()), filterset

    def rows(self, queryset: Any) -> Any:
        """With what the cells name."""
        return queryset.select_related("customer", "owner")


class TicketView(RecordView):
    """One ticket: the conversation, the clock, the customer."""

    model = Ticket
    permission = "service.view"
    template_name = "service/ticket.html"
    record_kind = "ticket"
    context_name = "ticket"

    def queryset(self, request: HttpRequest) -> Any:
        """With what the head names."""
        return super().queryset(request).select_related("customer", "contact", "owner")

    def context(self, request: HttpRequest, obj: Ticket) -> dict[str, Any]:
        """Conversation and steps in one order; what may come next."""
        said = [("message", row.created_at, row) for row in obj.messages.select_related("author")]
        steps = [("step", row.at, row) for row in obj.steps.select_related("actor")]
        moment = now()
        return {
            "thread": sorted([*said, *steps], key=lambda row: row[1]),
            "level": LEVELS[TicketStatus(obj.status)],
            "next_states": [TicketStatus(key) for key in sorted(MOVES[obj.status])],
            "scores": scores_of(obj.customer_id),
            "address": casework.address_of(obj),
            "alive": obj.status in ALIVE,
            "late": obj.status in ALIVE and obj.resolution_due < moment,
            "first_late": obj.first_responded_at is None and obj.first_response_due < moment,
        }


class TicketCreateView(CreateView):
    """A new ticket, from a customer's page with the customer filled in."""

    permission = "service.create"
    form_class = TicketForm
    title = gettext_lazy("New ticket")
    submit_label = gettext_lazy("Open ticket")

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Who asks, and for whom."""
        text = request.GET.get("customer", "")
        party = Party.objects.visible_to(request.user).filter(pk=text).first() if text.isdigit() else None
        initial = {"owner": request.user.pk, **({"customer": party_words(party)} if party else {})}
        return {"user": request.user, "initial": initial}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Ticket:
        """Open it."""
        data = dict(form.cleaned_data)
        party = data.pop("customer")
        return casework.open_ticket(
            actor=request.user, customer=party, contact=party if party.is_person else None, **data
        )


class TicketEditView(EditView):
    """Change a ticket."""

    permission = "service.edit"
    model = Ticket
    form_class = TicketEditForm
    title = gettext_lazy("Edit ticket")

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Ticket:
        """Save it."""
        messages.success(request, _("Saved."))
        return casework.update(obj, actor=request.user, values=form.cleaned_data)


class SayView(HouseView):
    """Answer the customer, or write a note."""

    permission = "service.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say it."""
        ticket = get_object_or_404(Ticket.objects.editable_by(request.user), pk=pk)
        say = casework.reply if request.POST.get("kind") == "reply" else casework.note
        say(ticket, actor=request.user, body=request.POST.get("body", ""))
        return see_other(request, ticket.get_absolute_url())


class MoveView(HouseView):
    """Set the status."""

    permission = "service.edit"

    def post(self, request: HttpRequest, pk: int, to: str) -> HttpResponse:
        """Do it."""
        ticket = get_object_or_404(Ticket.objects.editable_by(request.user), pk=pk)
        casework.move(ticket, actor=request.user, to=to)
        return see_other(request, ticket.get_absolute_url())


class PartyPanelView(HouseView):
    """A customer's open tickets."""

    permission = "service.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        return render(request, "service/party_panel.html", {"party": party, "rows": open_tickets(party.customer_id)})

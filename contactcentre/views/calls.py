"""Calls as a list, as a record, as a customer's panel."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contactcentre import selectors
from contactcentre.filters import CallFilter
from contactcentre.models import Call
from contactcentre.states import LEVELS, RESULT_LEVELS
from contacts.models import Party
from crm.lib import clock
from crm.ui.tables import Column
from crm.ui.views import HouseView, ListView, RecordView
from sales.models import Opportunity
from service.models import Ticket


def standing(call: Call) -> tuple[str, str]:
    """Return where a call stands, or how it ended, with its level."""
    if call.result:
        return call.get_result_display(), RESULT_LEVELS.get(call.result, "none")
    return call.get_status_display(), LEVELS[call.status]


def _today(rows: Any, user: Any) -> Any:
    return rows.filter(started_at__gte=clock.today_bounds(clock.user_zone(user))[0])


class CallListView(ListView):
    """All calls."""

    permission = "calls.view"
    title = gettext_lazy("Calls")
    model = Call
    filterset_class = CallFilter
    default_sort = "-at"
    views = {
        "all": (gettext_lazy("All"), lambda rows, user: rows),
        "today": (gettext_lazy("Today"), _today),
        "missed": (gettext_lazy("Missed"), lambda rows, user: rows.filter(direction="in", result="abandoned")),
        "mine": (gettext_lazy("Mine"), lambda rows, user: rows.filter(agent=user)),
        "live": (gettext_lazy("At this moment"), lambda rows, user: rows.alive()),
    }
    columns = (
        Column("at", gettext_lazy("Began"), "started_at", "started_at", "when", url=lambda row: row.get_absolute_url()),
        Column("number", gettext_lazy("Number"), "other_number", kind="phone"),
        Column(
            "who", gettext_lazy("Customer"), lambda row: row.contact and row.contact.name, kind="who",
            url=lambda row: row.contact.get_absolute_url(),
        ),
        Column("direction", gettext_lazy("Direction"), lambda row: row.get_direction_display(), hide="phone"),
        Column("result", gettext_lazy("Result"), standing, kind="status"),
        Column("outcome", gettext_lazy("Outcome"), lambda row: row.disposition and row.disposition.name, hide="phone"),
        Column("wait", gettext_lazy("Waited, s"), "wait_seconds", kind="number", hide="narrow"),
        Column("talk", gettext_lazy("Talked, s"), "talk_seconds", kind="number", hide="phone"),
        Column("agent", gettext_lazy("Agent"), "agent", kind="person", hide="phone"),
    )  # fmt: skip

    def rows(self, queryset: Any) -> Any:
        """With what the cells name."""
        return queryset.select_related("contact", "agent", "disposition")


class CallView(RecordView):
    """One call: how it came, why it went where it went, what was said."""

    model = Call
    permission = "calls.view"
    template_name = "contactcentre/call.html"
    record_kind = "call"
    context_name = "call"

    def queryset(self, request: HttpRequest) -> Any:
        """With what the page names."""
        related = ("contact", "customer", "agent", "queue", "disposition", "entry__campaign")
        return super().queryset(request).select_related(*related)

    def context(self, request: HttpRequest, obj: Call) -> dict[str, Any]:
        """The way of the call and what came of it."""
        words, level = standing(obj)
        decision = selectors.decision_of(obj)
        labels = {"wait": _("wait"), "ticket": _("open ticket"), "value": _("value"), "risk": _("risk")}
        terms = [(labels[key], decision.terms.get(key, 0)) for key in selectors.TERMS] if decision else []
        return {
            "standing": words,
            "level": level,
            "decision": decision,
            "terms": terms,
            "offers": list(obj.offers.select_related("agent__user").order_by("pk")),
            "tickets": Ticket.objects.visible_to(request.user).filter(source_call_id=obj.pk),
            "opportunities": Opportunity.objects.visible_to(request.user).filter(source_call_id=obj.pk),
        }


class PartyPanelView(HouseView):
    """A customer's last calls."""

    permission = "calls.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        rows = Call.objects.visible_to(request.user).filter(customer_id=party.customer_id).select_related("agent")
        rows = rows.order_by("-started_at")[:6]
        return render(request, "contactcentre/party_panel.html", {"party": party, "rows": rows})

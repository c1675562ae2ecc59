"""The agent's console: who waits, the call in hand with everything that matters, notes and wrap-up.

One page in four parts; a live message makes the page fetch a part again by `?part=`. The notes are only sent anew when
another call is in hand, so what is being typed is never overwritten.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaigns.states import Outcome
from contactcentre import selectors
from contactcentre.forms import wrap_up_form
from contactcentre.models import Call
from contactcentre.services import calling, presence
from contactcentre.states import AGENT_LEVELS, CHOSEN, OCCUPIED, AgentState, CallStatus
from contacts.models import Party
from contacts.selectors import last_touchpoints, scores_of
from crm.lib import registry
from crm.lib.clock import now
from crm.ui.views import HouseView
from crm.ui.views.records import vitals_of
from sales.selectors import open_opportunities
from service.selectors import open_tickets

PARTS = ("state", "queue", "call")


class ConsoleView(HouseView):
    """The page, or one of its parts."""

    permission = "calls.use"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer it."""
        part = request.GET.get("part", "")
        if part == "queue":
            return render(request, "contactcentre/console.html#queue", queue_context(request.user))
        context = state_context(request.user)
        if part == "state":
            return render(request, "contactcentre/console.html#state", context)
        call = calling.present(request.user)
        context |= call_context(request.user, call)
        # The page says whose notes it shows; they are sent anew only when that is another call.
        context["fresh_notes"] = part != "call" or request.GET.get("notes_of") != str(call.pk if call else "")
        name = "contactcentre/console.html#call" if part == "call" else "contactcentre/console.html"
        return render(request, name, {**context, "part": part, "rail": True})


def state_context(user: Any) -> dict[str, Any]:
    """Return the agent's state, what they may choose, and their day so far."""
    agent = presence.agent_of(user)
    occupied = agent.state in OCCUPIED
    first = AgentState(agent.state) if occupied else AgentState.AVAILABLE
    choices = [(first, AGENT_LEVELS[first]), *((AgentState(key), AGENT_LEVELS[key]) for key in CHOSEN[1:])]
    return {
        "agent": agent,
        "choices": choices,
        "occupied": occupied,
        "next_state": AgentState(agent.next_state) if agent.next_state else None,
        "tallies": selectors.tallies(agent),
    }


def queue_context(user: Any) -> dict[str, Any]:
    """Return who waits, and the agent's own tasks of today."""
    return {"waiting": selectors.waiting(user), "callbacks": selectors.callbacks(user), "moment": now(), "me": user}


def call_context(user: Any, call: Call | None) -> dict[str, Any]:
    """Return the call with its pop."""
    if call is None:
        return {"call": None}
    ringing, talking = call.status == CallStatus.OFFERED, call.status == CallStatus.TALKING
    context: dict[str, Any] = {
        "call": call,
        "ringing": ringing,
        "talking": talking,
        "over": call.status == CallStatus.ENDED,
        "decision": selectors.decision_of(call) if call.direction == "in" else None,
        "form": wrap_up_form(call),
        "callback_outcome": Outcome.CALLBACK,
    }
    party = Party.objects.visible_to(user).select_related("account").filter(pk=call.contact_id or 0).first()
    if party is None:
        return context | {"party": None, "hidden": call.contact_id is not None,
                          "candidates": [] if call.contact_id else selectors.candidates(user, call)}  # fmt: skip
    return context | pop_of(user, party, call)


def pop_of(user: Any, party: Party, call: Call) -> dict[str, Any]:
    """Return everything that matters of a caller."""
    scores = scores_of(party.customer_id)
    party._scores = scores  # type: ignore[attr-defined]  # the vitals need them too, and do not ask again
    tickets, touches = open_tickets(party.customer_id), last_touchpoints(party.customer_id)
    kinds = registry.timeline_kinds()
    for touch in touches:
        touch.icon = kinds[touch.kind].icon if touch.kind in kinds else "circle-dot"  # type: ignore[attr-defined]
    return {
        "party": party,
        "vitals": vitals_of("party", user, party)[:4],
        "scores": scores,
        "tickets": tickets,
        "opportunities": open_opportunities(party.customer_id),
        "touchpoints": touches,
        "say": _say_first(call, tickets),
    }


def _say_first(call: Call, tickets: list[Any]) -> dict[str, str]:
    """Return what to begin with: the script of the list, or an apology for what is late."""
    if call.entry and call.entry.campaign.script:
        return {"what": call.entry.campaign.script, "why": call.entry.campaign.name}
    late = next((ticket for ticket in tickets if ticket.resolution_due < now()), None)
    if late:
        words = _("Sorry that “%(subject)s” is not solved yet.") % {"subject": late.subject}
        return {"what": words, "why": f"{late.number}, {late.get_status_display()}"}
    return {}

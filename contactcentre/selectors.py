"""Questions of the console, the call's page and the dashboard."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, Q

from contactcentre.models import Agent, Call, RoutingDecision
from contactcentre.states import CallStatus
from contacts.models import Party, Task
from contacts.selectors import find_by_phone
from crm.lib import clock
from crm.lib.clock import now

MOST_WAITING = 30
TERMS = ("wait", "ticket", "value", "risk")
"""The order of the terms in bars and sentences."""


@dataclass
class Waiter:
    """Somebody who waits, with the sum that decides when."""

    call: Call
    name: str
    terms: list[tuple[str, float]]
    offsets: list[tuple[int, float, float]] = field(default_factory=list)
    """(series, start, width) of each term's bar, in per cent of the largest possible sum."""
    score: float = 0.0
    overdue: bool = False
    url: str = ""


def waiting(user: Any, at: datetime | None = None) -> list[Waiter]:
    """Return who waits or rings, in the order of their turn; names only of customers the user may see."""
    moment = at or now()
    rows = Call.objects.filter(status__in=[CallStatus.QUEUED, CallStatus.OFFERED], queued_at__isnull=False)
    calls = list(rows.select_related("queue", "contact").order_by("queued_at")[:MOST_WAITING])
    seen = set(_visible(user, [call.customer_id for call in calls if call.customer_id]))
    made = [_waiter(call, call.customer_id in seen, moment) for call in calls]
    return sorted(made, key=lambda one: (not one.overdue, -one.score))


def _visible(user: Any, ids: list[int]) -> Any:
    return Party.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True) if ids else []


def _waiter(call: Call, known: bool, at: datetime) -> Waiter:
    assert call.queue is not None
    terms = [(key, call.wait_points(at) if key == "wait" else call.terms.get(key, 0.0))
             for key in TERMS]  # fmt: skip
    waited = (at - call.queued_at).total_seconds() if call.queued_at else 0.0
    party = call.contact if known else None
    made = Waiter(call, party.name if party else "", terms, score=round(sum(value for _key, value in terms)))
    made.overdue = waited >= call.queue.max_wait_seconds
    made.url = party.get_absolute_url() if party else ""
    start = 0.0
    for series, (_key, value) in enumerate(terms, 1):
        made.offsets.append((series, start, max(value - 0.5, 0.0)))
        start += value
    return made


def tallies(agent: Agent) -> dict[str, Any]:
    """Return the agent's day in their own zone: calls, average talk and wrap-up in seconds, share solved or sold."""
    since, _end = clock.today_bounds(clock.user_zone(agent.user))
    rows = Call.objects.filter(agent_id=agent.user_id, started_at__gte=since, status=CallStatus.ENDED)
    found = rows.aggregate(
        calls=Count("pk"),
        answered=Count("pk", filter=Q(result="answered")),
        talk=Avg(F("ended_at") - F("answered_at"), filter=Q(result="answered")),
        wrap=Avg(F("wrapped_up_at") - F("ended_at")),
    )
    seconds = {key: int(found[key].total_seconds()) if found[key] else 0 for key in ("talk", "wrap")}
    return {"calls": found["calls"], "answered": found["answered"], **seconds}


def callbacks(user: Any, limit: int = 5) -> list[Task]:
    """Return the agent's open tasks for today and before, the most urgent first."""
    _start, end = clock.today_bounds(clock.user_zone(user))
    rows = Task.objects.filter(owner=user, done_at=None, due_at__lt=end).select_related("customer", "contact")
    return list(rows.order_by("due_at")[:limit])


def decision_of(call: Call) -> RoutingDecision | None:
    """Return why the call went to its agent."""
    found: RoutingDecision | None = call.decisions.select_related("agent__user", "queue").order_by("-pk").first()
    return found


def candidates(user: Any, call: Call) -> list[Party]:
    """Return who may be calling: everybody the user sees who has the number."""
    ids = [party.pk for party in find_by_phone(call.other_number)]
    rows = Party.objects.visible_to(user).filter(pk__in=ids).select_related("account")
    return list(rows.order_by("sort_name")) if ids else []


def today(user: Any) -> dict[str, int]:
    """Return the calls of the user's day: all, answered, given up."""
    since, _end = clock.today_bounds(clock.user_zone(user))
    rows = Call.objects.visible_to(user).filter(started_at__gte=since)
    return dict(
        rows.aggregate(
            calls=Count("pk"),
            answered=Count("pk", filter=Q(result="answered") | Q(status=CallStatus.TALKING)),
            missed=Count("pk", filter=Q(result="abandoned")),
        )
    )

"""Whose call is answered first, and by whom: decided in one Postgres transaction.

The order is a sum of points that is shown on the console: for the wait, the customer's value, the risk to lose them,
and an open ticket. Nobody waits longer than the queue's limit: past it a caller goes before everybody else (the
fairness floor), the longest wait first. Among agents with the skill the one who is idle longest is taken.
"""

import time
from functools import partial
from typing import Any

from django.db import IntegrityError, connection, transaction

from contactcentre.models import Agent, Call, Offer, Queue, RoutingDecision
from contactcentre.services import legs, presence
from contactcentre.states import AgentState, CallStatus, OfferState
from contacts.selectors import scores_of
from crm.lib.clock import now
from service.models import Ticket

FLOOR = 1000
MOST_LOOKED_AT = 50
ORDER = """
    SELECT c.id, q.skill_id, c.base_score + q.wait_weight * least(1, w.waited / q.max_wait_seconds)
           + CASE WHEN w.waited >= q.max_wait_seconds THEN %(floor)s + w.waited ELSE 0 END AS score
    FROM contactcentre_call c JOIN contactcentre_queue q ON q.id = c.queue_id,
         LATERAL (SELECT extract(epoch FROM %(now)s - c.queued_at) AS waited) w
    WHERE c.status = 'queued' AND NOT EXISTS (
        SELECT 1 FROM contactcentre_offer o WHERE o.call_id = c.id AND o.state = 'ringing')
    ORDER BY score DESC, c.queued_at, c.id LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
"""
IDLE = """
    SELECT a.id FROM contactcentre_agent a WHERE a.state = 'available' AND (%(skill)s IS NULL OR EXISTS (
        SELECT 1 FROM contactcentre_agent_skills s WHERE s.agent_id = a.id AND s.skill_id = %(skill)s))
        AND NOT EXISTS (SELECT 1 FROM contactcentre_offer o WHERE o.agent_id = a.id AND o.state = 'ringing')
    ORDER BY a.since, a.id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def terms_of(call: Call, queue: Queue) -> dict[str, float]:
    """Return the points that do not change while the caller waits."""
    if call.customer_id is None:
        return {"value": 0.0, "risk": 0.0, "ticket": 0.0}
    scores = scores_of(call.customer_id)
    value, churn = scores.get("lifetime_value"), scores.get("churn")
    waiting = Ticket.objects.alive().filter(customer_id=call.customer_id).exists()
    return {
        "value": round(queue.value_weight * (value.percentile or 0), 1) if value else 0.0,
        "risk": round(queue.risk_weight * (churn.value or 0), 1) if churn else 0.0,
        "ticket": float(queue.ticket_weight) if waiting else 0.0,
    }


def route() -> int:
    """Bring waiting calls to free agents until one of them runs out; returns how many offers were made."""
    made = 0
    while _decide():
        made += 1
    return made


def _decide() -> bool:
    began = time.perf_counter()
    try:
        with transaction.atomic():
            return _match(began)
    except IntegrityError:
        # The unique index has decided against us; the sweep looks again in a second, we do not insist.
        return False


def _match(began: float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(ORDER, {"now": now(), "floor": FLOOR, "limit": MOST_LOOKED_AT})
        waiting = cursor.fetchall()
        tried: set[Any] = set()
        for call_id, skill_id, score in waiting:
            if skill_id in tried:
                continue
            cursor.execute(IDLE, {"skill": skill_id})
            row = cursor.fetchone()
            if row is None:
                tried.add(skill_id)
                continue
            _offer(call_id, row[0], float(score), len(waiting), began)
            return True
    return False


def _offer(call_id: int, agent_id: int, score: float, waiting: int, began: float) -> None:
    call = Call.objects.select_related("queue").get(pk=call_id)
    agent = Agent.objects.get(pk=agent_id)
    assert call.queue is not None
    offer = Offer.objects.create(call=call, agent=agent, at=now())
    Call.objects.filter(pk=call_id).update(status=CallStatus.OFFERED, agent_id=agent.user_id)
    presence.enter(agent, AgentState.OFFERED)
    RoutingDecision.objects.create(
        call=call, agent=agent, queue=call.queue, score=score, waiting=waiting,
        terms={**call.terms, "wait": call.wait_points(now()), "floor": score >= FLOOR},
        milliseconds=round(1000 * (time.perf_counter() - began), 2),
    )  # fmt: skip
    legs.ring_agent(call, agent, offer)


def wake() -> None:
    """Route once the present transaction is committed; the sweep does it too, a second later at most."""
    transaction.on_commit(partial(route), robust=True)


def back_to_queue(call: Call) -> None:
    """Put a caller back whose agent did not come, at the old place: the wait goes on counting."""
    moved = Call.objects.filter(pk=call.pk, status__in=[CallStatus.OFFERED, CallStatus.CONNECTING])
    if call.direction == "in" and moved.update(status=CallStatus.QUEUED, agent=None):
        wake()


@transaction.atomic
def withdraw(offer: Offer, state: str, *, rest: str = AgentState.AVAILABLE) -> bool:
    """End a ringing offer: declined, missed or withdrawn; False when it was decided already."""
    if not Offer.objects.filter(pk=offer.pk, state=OfferState.RINGING).update(state=state, decided_at=now()):
        return False
    agent: Agent = Agent.objects.select_for_update().get(pk=offer.agent_id)
    if agent.state == AgentState.OFFERED:
        agent.next_state = agent.next_state or ("" if rest == AgentState.AVAILABLE else rest)
        presence.free(agent)
    legs.drop_agent(offer)
    return True

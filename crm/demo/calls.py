"""A week of calls of the demo company: every agent's day in slots, so that nobody talks to two at once."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from contactcentre.models import Agent, Call, Disposition, Offer, Queue, RoutingDecision
from contactcentre.services import calling, outcomes, routing, wrapup
from contactcentre.services.setup import caller_id
from contactcentre.states import CallStatus, OfferState
from crm.demo.company import Company
from crm.lib import clock
from crm.lib.clock import now
from sales.models import Opportunity
from service.models import Ticket
from service.services import casework
from service.states import TicketStatus

DAYS = 7
SLOT = timedelta(minutes=75)
OPENS, SLOTS = time(8, 30), 7
WEEKEND = ("omar", "lena")
TALKS = [
    ("Solved", "Wanted to know the opening hours of the holiday week."), ("Solved", "Points are booked now."),
    ("Solved", "Explained the last receipt."), ("Ticket opened", "Delivery was not complete"),
    ("Sale or interest", "Would like an offer for weekly delivery."), ("Sale or interest", "Asked about wholesale."),
    ("No interest", "Has another supplier at the moment."), ("Call back", "Is in a meeting."), ("Solved", ""),
]  # fmt: skip
BUSY, INCOMING, GAVE_UP, NOT_KNOWN, NOBODY = 0.8, 0.72, 0.09, 0.06, 0.2


@dataclass(frozen=True)
class Plan:
    """A call that takes place."""

    began: datetime
    agent: Agent
    incoming: bool


def play(company: Company) -> None:
    """Let the calls of the last days come in and go out, in the order of their time."""
    dispositions = {row.name: row for row in Disposition.objects.all()}
    for plan in sorted(_plans(company), key=lambda plan: plan.began):
        known = not plan.incoming or company.dice.random() >= NOT_KNOWN
        customer, contact = company.somebody() if known else (None, None)
        number = contact.phones.get().number if contact else company.book.numbers.next(company.dice.randrange(60))
        call = Call(
            direction="in" if plan.incoming else "out", other_number=str(number), our_number=caller_id(),
            contact=contact, customer=customer, started_at=plan.began, agent=plan.agent.user,
        )  # fmt: skip
        if plan.incoming:
            _incoming(company, plan, call, dispositions)
        else:
            _outgoing(company, plan, call, dispositions)


def _plans(company: Company) -> list[Plan]:
    zone, dice, made = clock.zone(""), company.dice, []
    today = clock.local(now(), zone).date()
    agents = list(Agent.objects.select_related("user").prefetch_related("skills").order_by("user__email"))
    for back in range(DAYS):
        day = today - timedelta(days=back)
        for agent in agents:
            free = day.weekday() > 4 and agent.user.email.partition("@")[0] not in WEEKEND
            for slot in range(SLOTS):
                # The dice roll for calls that do not take place too: the rest of the week hangs on no clock.
                late, incoming, takes_place = (
                    dice.randrange(55),
                    dice.random() < INCOMING,
                    dice.random() < BUSY * company.share,
                )
                began = datetime.combine(day, OPENS, tzinfo=zone) + slot * SLOT + timedelta(minutes=late)
                if takes_place and not free and began < now() - timedelta(minutes=25):
                    made.append(Plan(began.astimezone(clock.UTC), agent, incoming))
    return made


def _incoming(company: Company, plan: Plan, call: Call, dispositions: dict[str, Disposition]) -> None:
    dice = company.dice
    skills = {skill.pk for skill in plan.agent.skills.all()}
    queue = dice.choice([queue for queue in Queue.objects.all() if queue.skill_id in skills])
    call.queue, call.menu, call.queued_at = queue, queue.name, plan.began + timedelta(seconds=dice.randrange(8, 25))
    call.terms = routing.terms_of(call, queue)
    call.base_score = sum(call.terms.values())
    waited = timedelta(seconds=min(dice.expovariate(1 / 18), 200) + 3)
    if dice.random() < GAVE_UP:
        call.status, call.agent = CallStatus.QUEUED, None
        call.save(force_insert=True)
        with clock.as_of(call.queued_at + waited * 4):
            calling.end(call, result="abandoned")
        return
    call.status, call.answered_at = CallStatus.TALKING, call.queued_at + waited
    call.save(force_insert=True)
    _offered(call, plan.agent, call.answered_at)
    decision = RoutingDecision.objects.create(
        call=call, agent=plan.agent, queue=queue, score=call.base_score, waiting=dice.randrange(1, 4),
        terms={**call.terms, "wait": call.wait_points(call.answered_at), "floor": False},
        milliseconds=round(dice.uniform(4, 15), 2),
    )  # fmt: skip
    RoutingDecision.objects.filter(pk=decision.pk).update(at=call.answered_at)
    _finish(company, call, dispositions)


def _outgoing(company: Company, plan: Plan, call: Call, dispositions: dict[str, Disposition]) -> None:
    dice = company.dice
    call.status = CallStatus.CONNECTING
    nobody = dice.random() < NOBODY
    if not nobody:
        call.status, call.answered_at = CallStatus.TALKING, plan.began + timedelta(seconds=dice.randrange(6, 25))
    call.save(force_insert=True)
    _offered(call, plan.agent, plan.began)
    if not nobody:
        _finish(company, call, dispositions)
        return
    with clock.as_of(plan.began + timedelta(seconds=30)):
        calling.end(call, result="no_answer")
    with clock.as_of(plan.began + timedelta(seconds=45)):
        wrapup.finish(call, actor=plan.agent.user, disposition=dispositions["Nobody there"], notes="")


def _offered(call: Call, agent: Agent, at: Any) -> None:
    Offer.objects.create(call=call, agent=agent, state=OfferState.ACCEPTED, at=at, decided_at=at)


def _finish(company: Company, call: Call, dispositions: dict[str, Disposition]) -> None:
    dice = company.dice
    name, notes = dice.choice(TALKS)
    answered: Any = call.answered_at
    ended = answered + timedelta(seconds=30 + min(dice.expovariate(1 / 150), 700))
    if call.customer:
        _comes_of_it(company, call, name, notes, answered + timedelta(seconds=25))
    with clock.as_of(ended):
        calling.end(call)
    with clock.as_of(ended + timedelta(seconds=dice.randrange(15, 90))):
        again = now() + timedelta(days=2) if name == "Call back" else None
        wrapup.finish(call, actor=call.agent, disposition=dispositions[name], notes=notes, callback_at=again)


def _comes_of_it(company: Company, call: Call, name: str, notes: str, at: datetime) -> None:
    """Open what the agent says was opened; older tickets are solved by now."""
    with clock.as_of(at):
        if name == "Ticket opened":
            ticket = outcomes.open_ticket(call, actor=call.agent, subject=notes, description=notes)
            ticket.messages.update(created_at=at)
            Ticket.objects.filter(pk=ticket.pk).update(created_at=at)
        elif name == "Sale or interest":
            value = Decimal(company.dice.randrange(40, 400) * 10)
            made = outcomes.open_opportunity(call, actor=call.agent, name=notes.rstrip("."), value=value)
            Opportunity.objects.filter(pk=made.pk).update(created_at=at)
    if name == "Ticket opened" and at < now() - timedelta(days=2):
        with clock.as_of(at + timedelta(hours=company.dice.randrange(2, 30))):
            casework.move(ticket, actor=call.agent, to=TicketStatus.RESOLVED)

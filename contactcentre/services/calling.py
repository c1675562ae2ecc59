"""What agents do with a call: answer, decline, hold, mute, hang up, dial; and what follows from the legs."""

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from campaigns.models import CallEntry
from campaigns.services import calling as lists
from contactcentre.events import CallEnded
from contactcentre.models import Agent, Call, Offer
from contactcentre.services import legs, presence, routing
from contactcentre.services.setup import caller_id
from contactcentre.states import ALIVE, AgentState, CallStatus, OfferState
from contacts.models import Channel, Party, Purpose
from contacts.selectors import find_by_phone
from contacts.services import consent, directory, timeline
from crm.events import publish
from crm.lib import phones
from crm.lib.channels import voice
from crm.lib.clock import now
from crm.lib.errors import DomainError, StaleState

S = CallStatus
VAGUE = ("abandoned", "failed", "lost")
"""Ends that say little: a message that comes later may know better."""


def present(user: Any) -> Call | None:
    """Return the call this agent has in hand: ringing, talking, or over and not written down yet."""
    rows = Call.objects.filter(agent=user).select_related(
        "contact", "customer", "queue", "entry__campaign", "disposition"
    )
    alive: Call | None = rows.alive().order_by("-pk").first()
    if alive is not None:
        return alive
    agent = presence.agent_of(user)
    if agent.state != AgentState.WRAP_UP:
        return None
    found: Call | None = rows.filter(wrapped_up_at=None, status=S.ENDED).order_by("-pk").first()
    return found


@transaction.atomic
def answer(call: Call, *, actor: Any) -> None:
    """Take the call that rings. Raises StaleState when it is gone."""
    offer = _ringing(call, actor)
    Offer.objects.filter(pk=offer.pk).update(state=OfferState.ACCEPTED, decided_at=now())
    if not Call.objects.filter(pk=call.pk, status=S.OFFERED).update(status=S.CONNECTING):
        raise StaleState(_("The caller has hung up."))
    presence.enter(_locked(actor), AgentState.BUSY)
    transaction.on_commit(lambda: _pick_up(offer), robust=True)


def _pick_up(offer: Offer) -> None:
    """Tell the softphone to answer; when its leg is not there yet, the ringing worker does it."""
    try:
        voice.softphone(offer.participant, "answer")
    except voice.CarrierError:
        return


def _ringing(call: Call, actor: Any) -> Offer:
    Call.objects.select_for_update().get(pk=call.pk)  # the call first, as its end does: two that wait for each other
    rows = Offer.objects.select_for_update().filter(call=call, agent__user=actor, state=OfferState.RINGING)
    offer: Offer | None = rows.first()
    if offer is None:
        raise StaleState(_("This call does not ring with you any more."))
    return offer


def _locked(user: Any) -> Agent:
    found: Agent = Agent.objects.select_for_update().get(user=user)
    return found


@transaction.atomic
def decline(call: Call, *, actor: Any) -> None:
    """Let somebody else take it: the agent is on a break, the caller keeps the place."""
    offer = _ringing(call, actor)
    routing.withdraw(offer, OfferState.DECLINED, rest=AgentState.BREAK)
    routing.back_to_queue(call)


def joined(call: Call, label: str) -> None:
    """A leg came into the conference: the agent's brings the customer, the customer's begins the conversation."""
    if label.startswith("agent-"):
        if call.status == S.CONNECTING and call.direction == "in":
            legs.bridge(call)
        elif call.status == S.CONNECTING:
            legs.dial_customer(call)
    elif Call.objects.filter(pk=call.pk, status=S.CONNECTING).update(status=S.TALKING, answered_at=now()):
        presence.tell(call.agent_id or 0)
    else:
        correct(call, "answered")


def correct(call: Call, result: str) -> None:
    """Say better how a call ended: what the carrier tells may come in another order than it happened."""
    rows = Call.objects.filter(pk=call.pk, status=S.ENDED, result__in=VAGUE).exclude(agent=None)
    if result == "answered":
        rows.update(result=result, answered_at=F("ended_at"))
    else:
        rows.update(result=result)


def _talking(call: Call, actor: Any) -> Call:
    row: Call | None = Call.objects.filter(pk=call.pk, agent=actor, status=S.TALKING).first()
    if row is None:
        raise StaleState(_("You are not on this call any more."))
    return row


def _customer_leg(call: Call) -> str:
    return call.sid


def hold(call: Call, *, actor: Any, on: bool) -> None:
    """Let the customer hear music, or us again."""
    row = _talking(call, actor)
    _ask(lambda: voice.update_participant(conference=row.conference, who=_customer_leg(row), hold=on))
    Call.objects.filter(pk=row.pk).update(held=on)
    presence.tell(actor.pk)


def mute(call: Call, *, actor: Any, on: bool) -> None:
    """Let the customer not hear the agent, or again."""
    row = _talking(call, actor)
    offer = row.offers.filter(state=OfferState.ACCEPTED).last()
    if offer is None:
        raise StaleState
    _ask(lambda: voice.update_participant(conference=row.conference, who=offer.participant, muted=on))
    Call.objects.filter(pk=row.pk).update(muted=on)
    presence.tell(actor.pk)


def _ask(what: Any) -> None:
    try:
        what()
    except voice.NotThere:
        raise DomainError(_("The call is over.")) from None
    except voice.CarrierError as error:
        raise DomainError(_("The telephone company did not do it: %(why)s") % {"why": error}) from error


@transaction.atomic
def hang_up(call: Call, *, actor: Any) -> None:
    """End it for everybody."""
    if not Call.objects.filter(pk=call.pk, agent=actor, status__in=[S.CONNECTING, S.TALKING]).exists():
        raise StaleState(_("You are not on this call any more."))
    end(call, result="")


@transaction.atomic
def end(call: Call, *, result: str = "") -> bool:
    """A call is over, whoever ended it; False when it was over already. The agent writes it down."""
    row = Call.objects.select_for_update().get(pk=call.pk)
    if row.status not in ALIVE:
        return False
    talked, had_agent = row.status == S.TALKING, row.status in {S.CONNECTING, S.TALKING}
    row.result = "answered" if talked else result or ("abandoned" if row.direction == "in" else "canceled")
    row.status, row.ended_at, row.held, row.muted = S.ENDED, now(), False, False
    if row.result == "answered":
        row.answered_at = row.answered_at or row.ended_at
    if not had_agent and row.direction == "in":
        row.agent = None
    row.save(update_fields=["status", "result", "answered_at", "ended_at", "held", "muted", "agent"])
    for offer in row.offers.filter(state=OfferState.RINGING):
        routing.withdraw(offer, OfferState.WITHDRAWN)
    if had_agent and row.agent_id:
        _to_wrap_up(row)
    elif row.customer_id:
        _gave_up(row)
    legs.end(row)
    publish(CallEnded(call_id=row.pk))
    presence.tell(row.agent_id or 0)
    return True


def _to_wrap_up(call: Call) -> None:
    agent: Agent = Agent.objects.select_for_update().get(user_id=call.agent_id)
    if agent.state in {AgentState.BUSY, AgentState.OFFERED}:
        presence.enter(agent, AgentState.WRAP_UP)


def _gave_up(call: Call) -> None:
    words = _("Gave up after %(n)d seconds in the queue") % {"n": call.wait_seconds}
    timeline.record(
        customer_id=call.customer_id or 0, contact=call.contact, kind="call-missed", channel="call", direction="in",
        source=call, summary=words, once=True,
    )  # fmt: skip


@transaction.atomic
def dial(*, actor: Any, number: str, party: Party | None = None, entry: CallEntry | None = None) -> Call:
    """Call somebody: the agent's telephone first, then theirs, in one conference.

    Raises DomainError for no number, for an agent who is on a call, and for a list's entry that may not be called now.
    """
    e164 = phones.parse(number)
    if e164 is None:
        raise DomainError(_("“%(number)s” is not a telephone number.") % {"number": number[:40]})
    agent = _locked(presence.agent_of(actor).user)
    if agent.state in {AgentState.OFFERED, AgentState.BUSY, AgentState.WRAP_UP}:
        raise DomainError(_("You have a call in hand. Write it down first."))
    party = party or only_one(find_by_phone(e164))
    if entry is not None:
        verdict = lists.check(entry)
        if not verdict.allowed:
            raise DomainError(verdict.reason)
        CallEntry.objects.filter(pk=entry.pk).update(state="dialling", consent=verdict.consent_id)
    elif party is not None:
        served = consent.may_contact(party, Channel.PHONE, Purpose.SERVICE)
        if not served.allowed:
            raise DomainError(_("%(name)s may not be called: %(why)s.") % {"name": party.name, "why": served.reason})
    return place(agent, e164, party, entry)


def only_one(found: list[Party]) -> Party | None:
    """Return whose number it is, None when nobody's or more than one customer's: then somebody has to ask."""
    return found[0] if len({party.customer_id for party in found}) == 1 else None


def place(agent: Agent, e164: str, party: Party | None, entry: CallEntry | None) -> Call:
    """Write an outgoing call and let the agent's telephone ring; call it with the agent locked and free."""
    call = Call.objects.create(
        direction="out", other_number=e164, our_number=caller_id(), contact=party, status=S.CONNECTING,
        customer_id=party.customer_id if party else None, agent=agent.user, entry=entry, started_at=now(),
    )  # fmt: skip
    offer = Offer.objects.create(call=call, agent=agent, at=now(), state=OfferState.ACCEPTED, decided_at=now())
    if agent.state not in {AgentState.AVAILABLE, AgentState.BUSY}:
        agent.next_state = agent.state
    presence.enter(agent, AgentState.BUSY)
    legs.ring_agent(call, agent, offer, auto=True)
    return call


@transaction.atomic
def link(call: Call, *, actor: Any, party: Party) -> None:
    """Say who it is: their number is kept when it is new."""
    Call.objects.filter(pk=call.pk).update(contact=party, customer_id=party.customer_id)
    if not party.phones.filter(number=call.other_number).exists() and phones.parse(call.other_number):
        directory.add_phone(party, call.other_number, label=_("called from"))
    presence.tell(actor.pk)


@transaction.atomic
def create_caller(call: Call, *, actor: Any, first_name: str = "", last_name: str = "", email: str = "") -> Party:
    """Make a contact of somebody nobody knew, with the number they call from, and link the call."""
    emails = [email] if email else []
    party = directory.create_contact(
        actor=actor, first_name=first_name, last_name=last_name, emails=emails, source="call"
    )
    link(call, actor=actor, party=party)
    return party

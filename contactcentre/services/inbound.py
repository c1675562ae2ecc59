"""What the carrier asks and tells: answered with TwiML, each message counted once, late ones without effect."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contactcentre.models import Call, Number, Queue
from contactcentre.services import calling, legs, presence, routing
from contactcentre.states import CallStatus
from contacts.selectors import find_by_phone
from crm.lib import phones
from crm.lib.channels import voice
from crm.lib.clock import now

FAILED_LEGS = {"busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "no_answer"}
CUSTOMER_ENDS = {**FAILED_LEGS, "completed": "answered"}
"""How a customer's leg ended → how the call did; only a leg that was answered is ever completed."""


def arrive(params: dict[str, str]) -> str:
    """Somebody calls one of our numbers: who is it, and the menu."""
    number = Number.objects.filter(e164=params.get("To", "")).first() or Number.objects.order_by("-is_default").first()
    if number is None:
        return voice.say(_("This number is not in use."))
    e164 = phones.parse(params.get("From", "")) or ""
    party = calling.only_one(find_by_phone(e164)) if e164 else None
    Call.objects.get_or_create(
        sid=params["CallSid"],
        defaults={
            "direction": "in", "other_number": params.get("From", "")[:40], "our_number": params.get("To", "")[:40],
            "contact": party, "customer_id": party.customer_id if party else None, "started_at": now(),
            "queue": number.queue,
        },
    )  # fmt: skip
    return voice.menu(number.greeting or _("Welcome."), action=legs.hook("choice"), again=legs.hook("choice"))


def choose(params: dict[str, str]) -> str:
    """A key was pressed, or none: into the queue."""
    call = Call.objects.select_related("queue").filter(sid=params.get("CallSid", "")).first()
    if call is None or call.status != CallStatus.MENU:
        return voice.say()
    queue = Queue.objects.filter(digit=params.get("Digits", "")).first() if params.get("Digits") else None
    queue = queue or call.queue
    if queue is None:
        return voice.say(_("Nobody is here."))
    return voice.wait_in(
        queue.key, words=_("One moment, please."), wait_url=legs.hook("wait", queue.pk), action=legs.hook("left")
    )


@transaction.atomic
def waiting(params: dict[str, str], queue_id: int) -> str:
    """The caller stands in the queue now: reckon the points, and route."""
    queue = Queue.objects.filter(pk=queue_id).first()
    call = Call.objects.select_for_update().filter(sid=params.get("CallSid", "")).first()
    if queue is not None and call is not None and call.status == CallStatus.MENU:
        call.queue, call.queued_at, call.status, call.menu = queue, now(), CallStatus.QUEUED, queue.name
        call.terms = routing.terms_of(call, queue)
        call.base_score = sum(call.terms.values())
        call.save(update_fields=["queue", "queued_at", "status", "menu", "terms", "base_score"])
        presence.tell(0)
        routing.wake()
    return voice.say(_("All our people are talking. You are next as soon as one is free."))


def left(params: dict[str, str]) -> str:
    """The caller left the queue: to an agent, or for good."""
    if params.get("QueueResult") == "hangup":
        _end(params, "abandoned")
    return voice.say()


def status(params: dict[str, str]) -> str:
    """A caller's leg has ended."""
    if params.get("CallStatus") in {"completed", "failed", "canceled", "busy", "no-answer"}:
        _end(params, "abandoned")
    return ""


def _end(params: dict[str, str], result: str) -> None:
    call = Call.objects.filter(sid=params.get("CallSid", "")).first()
    if call:
        calling.end(call, result=result)


def bridge(params: dict[str, str], call_id: int) -> str:
    """The waiting caller asks where to go: to the agent."""
    call = Call.objects.filter(pk=call_id, sid=params.get("CallSid", "")).first()
    if call is None or call.status not in {CallStatus.CONNECTING, CallStatus.TALKING}:
        return voice.say(_("The call is over."))
    return voice.into_conference(call.conference, room_url=legs.hook("room", call.pk))


@transaction.atomic
def leg(params: dict[str, str], call_id: int) -> str:
    """A leg we dialled rings, was answered, or has ended."""
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    label, state = params.get("ParticipantLabel", ""), params.get("CallStatus", "")
    if call is None:
        return ""
    if label.startswith("agent-"):
        _agent_leg(call, label.removeprefix("agent-"), state)
    elif label.startswith("customer-"):
        Call.objects.filter(pk=call.pk, sid="").update(sid=params.get("CallSid", ""))
        _customer_leg(call, state)
    return ""


def _customer_leg(call: Call, state: str) -> None:
    """The customer did not pick up, or has hung up."""
    result = CUSTOMER_ENDS.get(state)
    if result and not calling.end(call, result=result) and state != "canceled":  # we cancel, and know why
        calling.correct(call, result)


def _agent_leg(call: Call, key: str, state: str) -> None:
    """The agent's telephone was not picked up, was put down, or broke off."""
    if state not in {"completed", *FAILED_LEGS}:
        return
    offer: Any = call.offers.filter(label=key).first() if len(key) == 36 else None
    if offer is None:
        return
    if offer.state == "ringing":
        if routing.withdraw(offer, "missed", rest="break"):
            routing.back_to_queue(call)
    elif offer.state == "accepted":
        calling.end(call, result="failed")


def _is_customer(params: dict[str, str]) -> bool:
    return params.get("ParticipantLabel", "").startswith(("customer-", "caller"))


@transaction.atomic
def room(params: dict[str, str], call_id: int) -> str:
    """Somebody came into the conference, left it, or it is over."""
    call = Call.objects.select_for_update().filter(pk=call_id).first()
    event = params.get("StatusCallbackEvent", "")
    if call is None:
        return ""
    if event == "participant-join":
        calling.joined(call, params.get("ParticipantLabel", ""))
    over = event == "conference-end" or (event == "participant-leave" and _is_customer(params))
    if over and call.status == CallStatus.TALKING:
        calling.end(call)
    return ""

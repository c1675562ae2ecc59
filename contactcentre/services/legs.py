"""Requests to the carrier as outbox rows: written with the decision, carried out once by a worker.

Each carries a label of its own, so that a repeat after an unknown end looks before it dials a second time.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from contactcentre.models import Agent, Call, Offer
from contactcentre.states import ALIVE, CallStatus, OfferState
from crm.events import effect, effect_handler
from crm.lib.channels import voice

RING, DROP, BRIDGE, DIAL, END = "voice.ring", "voice.drop", "voice.bridge", "voice.dial", "voice.end"
RING_SECONDS = 25
CUSTOMER_SECONDS = 30


def hook(name: str, *args: Any) -> str:
    """Return the public address of a webhook."""
    return settings.PUBLIC_URL + reverse(f"contactcentre:hook_{name}", args=args)


def ring_agent(call: Call, agent: Agent, offer: Offer, *, auto: bool = False) -> None:
    """Let the agent's telephone ring; `auto` when the agent asked for the call and it answers by itself."""
    effect(RING, {"offer": offer.pk, "to": f"client:{agent.identity}", "auto": auto}, key=f"{RING}:{offer.pk}")


def drop_agent(offer: Offer) -> None:
    """Stop an agent's telephone."""
    effect(DROP, {"offer": offer.pk}, key=f"{DROP}:{offer.pk}")


def bridge(call: Call) -> None:
    """Bring the waiting caller to the agent."""
    effect(BRIDGE, {"call": call.pk}, key=f"{BRIDGE}:{call.pk}:{call.offers.count()}")


def dial_customer(call: Call) -> None:
    """Dial the customer into the agent's conference."""
    effect(DIAL, {"call": call.pk}, key=f"{DIAL}:{call.pk}")


def end(call: Call) -> None:
    """Hang everybody up."""
    effect(END, {"call": call.pk}, key=f"{END}:{call.pk}")


@effect_handler(RING, queue="telephony")
def _ring(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    from contactcentre.services.setup import caller_id

    offer = Offer.objects.select_related("call").filter(pk=payload["offer"]).first()
    if offer is None or offer.state not in {OfferState.RINGING, OfferState.ACCEPTED}:
        return
    call = offer.call
    voice.add_participant(
        conference=call.conference, to=payload["to"], from_=call.our_number or caller_id(), label=offer.participant,
        leg_url=hook("leg", call.pk), room_url=hook("room", call.pk), timeout=RING_SECONDS,
    )  # fmt: skip
    if payload.get("auto") or Offer.objects.filter(pk=offer.pk, state=OfferState.ACCEPTED).exists():
        voice.softphone(offer.participant, "answer")


@effect_handler(DROP, queue="telephony")
def _drop(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    offer = Offer.objects.filter(pk=payload["offer"]).first()
    if offer:
        voice.softphone(offer.participant, "reject")


@effect_handler(BRIDGE, queue="telephony")
def _bridge(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    call = Call.objects.select_related("queue").filter(pk=payload["call"], status=CallStatus.CONNECTING).first()
    if call is None or call.queue is None:
        return
    try:
        voice.take_from_queue(queue=call.queue.key, call=call.sid, url=hook("bridge", call.pk))
    except voice.NotThere:
        from contactcentre.services import calling

        calling.end(call, result="abandoned")


@effect_handler(DIAL, queue="telephony")
def _dial(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    call = Call.objects.filter(pk=payload["call"], status=CallStatus.CONNECTING).first()
    if call is None:
        return
    sid = voice.add_participant(
        conference=call.conference, to=call.other_number, from_=call.our_number, label=f"customer-{call.pk}",
        leg_url=hook("leg", call.pk), room_url=hook("room", call.pk), timeout=CUSTOMER_SECONDS,
    )  # fmt: skip
    if sid:
        Call.objects.filter(pk=call.pk, sid="").update(sid=sid)


@effect_handler(END, queue="telephony")
def _end(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    call = Call.objects.filter(pk=payload["call"]).first()
    if call is None:
        return
    voice.end_conference(call.conference)
    if call.sid and call.status not in ALIVE:
        voice.end_call(call.sid)

"""Requests to the carrier carried out, once, by a worker.

Each carries a label of its own, so that a repeat after an unknown end looks before it dials a second time.
"""

from typing import Any

from contactcentre.models import Call, Offer
from contactcentre.services import calling
from contactcentre.services.legs import BRIDGE, CUSTOMER_SECONDS, DIAL, DROP, END, RING, RING_SECONDS, hook
from contactcentre.services.setup import caller_id
from contactcentre.states import ALIVE, CallStatus, OfferState
from crm.events import effect_handler
from crm.lib.channels import voice

WANTED = (OfferState.RINGING, OfferState.ACCEPTED)


@effect_handler(RING, queue="telephony")
def _ring(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    offer = Offer.objects.select_related("call").filter(pk=payload["offer"]).first()
    if offer is None or offer.state not in WANTED:
        return
    call = offer.call
    sid = voice.add_participant(
        conference=call.conference, to=payload["to"], from_=call.our_number or caller_id(), label=offer.participant,
        leg_url=hook("leg", call.pk), room_url=hook("room", call.pk), timeout=RING_SECONDS,
    )  # fmt: skip
    if sid:
        Offer.objects.filter(pk=offer.pk).update(sid=sid)
    state = Offer.objects.values_list("state", flat=True).get(pk=offer.pk)
    if state not in WANTED:
        # Withdrawn while we dialled: the request to stop it came too early to find a leg.
        _hang_up(offer.pk)
    elif payload.get("auto") or state == OfferState.ACCEPTED:
        voice.softphone(offer.participant, "answer")


def _hang_up(offer_id: int) -> None:
    sid = Offer.objects.values_list("sid", flat=True).filter(pk=offer_id).first()
    if sid:
        voice.end_call(sid)


@effect_handler(DROP, queue="telephony")
def _drop(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    _hang_up(payload["offer"])


@effect_handler(BRIDGE, queue="telephony")
def _bridge(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    call = Call.objects.select_related("queue").filter(pk=payload["call"], status=CallStatus.CONNECTING).first()
    if call is None or call.queue is None:
        return
    try:
        voice.take_from_queue(queue=call.queue.key, call=call.sid, url=hook("bridge", call.pk))
    except voice.NotThere:
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
        if not Call.objects.alive().filter(pk=call.pk).exists():
            # Ended while we dialled: nobody shall pick up into silence.
            voice.end_call(sid)


@effect_handler(END, queue="telephony")
def _end(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    call = Call.objects.filter(pk=payload["call"]).first()
    if call is None or call.status in ALIVE:
        return
    voice.end_conference(call.conference)
    for sid in filter(None, [call.sid, *call.offers.filter(state=OfferState.ACCEPTED).values_list("sid", flat=True)]):
        voice.end_call(sid)

"""What was left lying: offers that ring too long, calls whose end nobody told us, wrap-ups that were forgotten."""

from datetime import datetime, timedelta
from typing import Any

from contactcentre.models import Call, Offer, Webhook
from contactcentre.services import calling, dialler, routing, wrapup
from contactcentre.services.legs import RING, RING_SECONDS
from contactcentre.states import ALIVE, AgentState, CallStatus, OfferState
from crm.events.models import Effect, EffectState
from crm.lib.channels import voice
from crm.lib.clock import now
from crm.lib.errors import DomainError

ASK_AFTER = timedelta(seconds=60)
FORGOTTEN = timedelta(minutes=30)
KEPT = timedelta(days=7)


def sweep() -> dict[str, int]:
    """Put right what a lost message or a dead process left; returns what was done."""
    done = {"missed": 0, "ended": 0, "written": 0, "routed": 0, "released": 0}
    late = now() - timedelta(seconds=RING_SECONDS + 5)
    for offer in Offer.objects.filter(state=OfferState.RINGING, at__lt=late).select_related("call"):
        rang_at = _rang_at(offer)
        if rang_at and rang_at >= late:
            continue
        # A telephone that never rang was not missed: its agent is no worse off and may be offered the call again.
        state, rest = (OfferState.MISSED, AgentState.BREAK) if rang_at else (OfferState.WITHDRAWN, AgentState.AVAILABLE)
        if routing.withdraw(offer, state, rest=rest):
            routing.back_to_queue(offer.call)
            done["missed"] += 1
    done["routed"] = routing.route()
    done["released"] = dialler.release_lost()
    return done


def _rang_at(offer: Offer) -> datetime | None:
    """Return when the carrier began to ring the agent; None when it has not: a worker died, or it is away."""
    rows: Any = Effect.objects.filter(key=f"{RING}:{offer.pk}", state=EffectState.DONE)
    found: datetime | None = rows.values_list("done_at", flat=True).first()
    return found


def reconcile() -> dict[str, int]:
    """Ask the carrier about calls we have heard nothing of; end those that are over. Write down forgotten wrap-ups."""
    done = {"ended": 0, "written": 0}
    for call in Call.objects.filter(status__in=ALIVE, started_at__lt=now() - ASK_AFTER):
        try:
            over = not call.sid or voice.call_status(call.sid) in {
                "completed",
                "failed",
                "busy",
                "no-answer",
                "canceled",
            }
        except voice.CarrierError:
            continue  # the carrier is away: asked again at the next sweep
        if over and calling.end(call, result="lost"):
            done["ended"] += 1
    old = now() - FORGOTTEN
    for call in Call.objects.filter(status=CallStatus.ENDED, wrapped_up_at=None, ended_at__lt=old).exclude(agent=None):
        try:
            wrapup.finish(call, actor=call.agent, disposition=None, notes=call.notes)
            done["written"] += 1
        except DomainError:
            continue
    Webhook.objects.filter(at__lt=now() - KEPT).delete()
    return done

"""Requests to the carrier as outbox rows: written with the decision; `carrier` carries them out in a worker."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from contactcentre.models import Agent, Call, Offer
from crm.events import effect

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

"""Tables of the room."""

from contactcentre.models.agents import Agent, AgentStateChange, Offer, RoutingDecision
from contactcentre.models.calls import Call, Disposition, Webhook
from contactcentre.models.setup import Number, Queue, Skill

__all__ = [
    "Agent", "AgentStateChange", "Call", "Disposition", "Number", "Offer", "Queue", "RoutingDecision", "Skill",
    "Webhook",
]  # fmt: skip

"""Agents, what they do, and which calls were brought to their door."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contactcentre.models.calls import Call
from contactcentre.models.setup import Queue, Skill
from contactcentre.states import AgentState, OfferState


class Agent(models.Model):
    """A user who takes calls."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agent")
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("skills"))
    state = models.CharField(_("state"), max_length=12, choices=AgentState.choices, default=AgentState.OFFLINE)
    since = models.DateTimeField()
    next_state = models.CharField(max_length=12, choices=AgentState.choices, blank=True)
    """Asked for during a call: it begins after the wrap-up."""

    objects: Any = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["since"], condition=Q(state="available"), name="agent_idle")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def identity(self) -> str:
        """How the carrier calls this agent's browser."""
        return f"agent_{self.user_id}"


class AgentStateChange(models.Model):
    """One step of an agent's day."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="changes")
    state = models.CharField(max_length=12, choices=AgentState.choices)
    at = models.DateTimeField()

    objects: Any = models.Manager()

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["agent", "at"], name="agent_change")]

    def __str__(self) -> str:
        return f"{self.agent_id}: {self.state}"


class Offer(models.Model):
    """A call at an agent's door: one at a time for a call, one at a time for an agent."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="offers")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="offers")
    label = models.UUIDField(default=uuid.uuid4, unique=True)
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.RINGING)
    sid = models.CharField(max_length=40, blank=True)
    """The agent's leg at the carrier, once it was dialled."""
    at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    objects: Any = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call"], condition=Q(state="ringing"), name="offer_one_a_call"),
            models.UniqueConstraint(fields=["agent"], condition=Q(state="ringing"), name="offer_one_an_agent"),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(state="ringing"), name="offer_ringing")]

    def __str__(self) -> str:
        return f"{self.call_id} → {self.agent_id}: {self.state}"

    @property
    def participant(self) -> str:
        """The label of the agent's leg."""
        return f"agent-{self.label}"


class RoutingDecision(models.Model):
    """Why this call went to this agent, kept with its terms."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="decisions")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    terms = models.JSONField(default=dict)
    waiting = models.IntegerField(default=0)
    milliseconds = models.FloatField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    objects: Any = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="decision_newest")]

    def __str__(self) -> str:
        return f"{self.call_id} → {self.agent_id}"

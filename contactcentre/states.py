"""Where calls, agents and offers can stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallStatus(models.TextChoices):
    """A call only ever moves down this list; what comes late changes nothing."""

    MENU = "menu", _("In the menu")
    QUEUED = "queued", _("Waiting")
    OFFERED = "offered", _("Ringing")
    CONNECTING = "connecting", _("Connecting")
    TALKING = "talking", _("Talking")
    ENDED = "ended", _("Ended")


class CallResult(models.TextChoices):
    """How a call ended."""

    ANSWERED = "answered", _("Talked")
    ABANDONED = "abandoned", _("Gave up")
    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    CANCELED = "canceled", _("Broken off by us")
    FAILED = "failed", _("Did not come about")
    LOST = "lost", _("End not reported")


class AgentState(models.TextChoices):
    """What an agent does."""

    AVAILABLE = "available", _("Available")
    OFFERED = "offered", _("A call rings")
    BUSY = "busy", _("On a call")
    WRAP_UP = "wrap_up", _("Wrap-up")
    BREAK = "break", _("Break")
    BACK_OFFICE = "back_office", _("Back office")
    OFFLINE = "offline", _("Signed out")


class OfferState(models.TextChoices):
    """A call at one agent's door."""

    RINGING = "ringing", _("Ringing")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    MISSED = "missed", _("Missed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CHOSEN = (AgentState.AVAILABLE, AgentState.BREAK, AgentState.BACK_OFFICE, AgentState.OFFLINE)
"""States an agent may choose."""
OCCUPIED = (AgentState.OFFERED, AgentState.BUSY, AgentState.WRAP_UP)
ALIVE = (CallStatus.MENU, CallStatus.QUEUED, CallStatus.OFFERED, CallStatus.CONNECTING, CallStatus.TALKING)
LEVELS = {"talking": "positive", "offered": "accent", "queued": "warning", "connecting": "accent", "menu": "none",
          "ended": "none"}  # fmt: skip
RESULT_LEVELS = {"answered": "positive", "abandoned": "negative", "no_answer": "warning", "busy": "warning",
                 "failed": "negative", "lost": "negative", "canceled": "none"}  # fmt: skip
AGENT_LEVELS = {"available": "positive", "offered": "accent", "busy": "accent", "wrap_up": "warning",
                "break": "warning", "back_office": "none", "offline": "none"}  # fmt: skip

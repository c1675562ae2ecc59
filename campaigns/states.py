"""Where campaigns, sends and entries of call lists can stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CampaignStatus(models.TextChoices):
    """A mail campaign is sent once; a call campaign runs until it is ended."""

    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")


class SendState(models.TextChoices):
    """One mail to one person."""

    READY = "ready", _("Waiting")
    HANDING = "handing", _("Being handed over")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Left out")
    FAILED = "failed", _("Refused by the mail server")
    IN_DOUBT = "in_doubt", _("In doubt")


class EntryState(models.TextChoices):
    """One person on a call list."""

    READY = "ready", _("Waiting")
    RESERVED = "reserved", _("With an agent")
    DIALLING = "dialling", _("Being dialled")
    CALLBACK = "callback", _("Call again")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Left out")


class Outcome(models.TextChoices):
    """How a call of a list went."""

    INTERESTED = "interested", _("Interested")
    NOT_INTERESTED = "not_interested", _("Not interested")
    CALLBACK = "callback", _("Call back")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    DO_NOT_CALL = "do_not_call", _("Do not call again")


LEVELS = {"draft": "none", "running": "accent", "paused": "warning", "done": "positive"}

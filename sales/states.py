"""Where an opportunity can stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpportunityStatus(models.TextChoices):
    """Open, or closed one way or the other."""

    OPEN = "open", _("Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


LEVELS = {OpportunityStatus.OPEN: "accent", OpportunityStatus.WON: "positive", OpportunityStatus.LOST: "none"}

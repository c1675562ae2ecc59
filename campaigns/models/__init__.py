"""Tables of the room."""

from campaigns.models.calllist import CallEntry
from campaigns.models.campaign import Campaign, Segment, Send

__all__ = ["CallEntry", "Campaign", "Segment", "Send"]

"""What campaigns tell the rooms above."""

from crm.events import event


@event(subject="campaign_id")
class CampaignStarted:
    """A campaign has begun."""

    campaign_id: int


@event(subject="party_id")
class Unsubscribed:
    """Somebody wants no more offers by mail."""

    party_id: int
    campaign_id: int

"""What this room hangs up for the others and for the shell."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from campaigns.models import Campaign, Segment
from crm.lib import registry


def find(user: Any, words: str, limit: int) -> Iterable[registry.Hit]:
    """Find campaigns and segments for the palette."""
    for row in Campaign.objects.visible_to(user).search(words).order_by("-pk")[:limit]:
        yield registry.Hit(row.name, str(row.get_kind_display()), row.get_absolute_url(), "send")
    for row in Segment.objects.visible_to(user).search(words)[:limit]:
        yield registry.Hit(row.name, str(gettext_lazy("Segment")), row.get_absolute_url(), "filter")


def register() -> None:
    """Hang it all up."""
    menu = gettext_lazy("Campaigns")
    registry.menu("campaigns", gettext_lazy("Campaigns"), "campaigns:list", "send", menu, 50, "campaigns.view")
    registry.menu("segments", gettext_lazy("Segments"), "campaigns:segments", "filter", menu, 51, "campaigns.view")
    registry.action(
        "new-campaign", gettext_lazy("New campaign"), "campaigns:create", "plus", permission="campaigns.create"
    )
    registry.action(
        "new-segment", gettext_lazy("New segment"), "campaigns:segment_create", "plus", permission="campaigns.create"
    )
    registry.search("campaigns", gettext_lazy("Campaigns"), find, weight=5)
    registry.timeline_kind("campaign-mail", gettext_lazy("Campaign mail"), "send", "campaigns")

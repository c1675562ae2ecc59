"""Campaigns in the admin: to look at; their services change them."""

from django.contrib import admin

from campaigns.models import CallEntry, Campaign, Segment, Send
from crm.events.admin import ReadOnly


@admin.register(Segment)
class SegmentAdmin(ReadOnly):
    """Segments."""

    list_display = ("name", "owner", "count_cached", "counted_at")
    list_filter = ("owner",)
    search_fields = ("name",)


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    """Campaigns."""

    list_display = ("name", "kind", "segment", "status", "started_at")
    list_filter = ("kind", "status")
    search_fields = ("name",)


@admin.register(Send)
class SendAdmin(ReadOnly):
    """Mails."""

    list_display = ("campaign", "address", "state", "reason", "sent_at")
    list_filter = ("state", "campaign")
    search_fields = ("address",)
    show_full_result_count = False


@admin.register(CallEntry)
class CallEntryAdmin(ReadOnly):
    """Call lists."""

    list_display = ("campaign", "contact", "phone", "state", "outcome", "attempts")
    list_filter = ("state", "outcome", "campaign")
    search_fields = ("phone",)
    show_full_result_count = False

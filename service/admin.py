"""Service in the admin."""

from django.contrib import admin

from crm.events.admin import ReadOnly
from service.models import Calendar, SlaPolicy, Ticket, TicketMessage, TicketStatusChange


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):
    """Business hours."""

    list_display = ("name", "time_zone", "opens", "closes")
    search_fields = ("name",)


@admin.register(SlaPolicy)
class SlaPolicyAdmin(admin.ModelAdmin):
    """Service levels."""

    list_display = ("priority", "first_response_minutes", "resolution_minutes", "calendar")
    list_filter = ("calendar",)


@admin.register(Ticket)
class TicketAdmin(ReadOnly):
    """Tickets are moved by their service, which keeps the clock and the timeline."""

    list_display = ("number", "subject", "status", "priority", "owner", "resolution_due")
    list_filter = ("status", "priority")
    search_fields = ("subject",)


@admin.register(TicketMessage)
class TicketMessageAdmin(ReadOnly):
    """What was said."""

    list_display = ("ticket", "kind", "author", "state", "created_at")
    list_filter = ("kind", "state")
    search_fields = ("body",)


@admin.register(TicketStatusChange)
class TicketStatusChangeAdmin(ReadOnly):
    """Steps."""

    list_display = ("ticket", "from_status", "to_status", "at", "actor")
    list_filter = ("to_status",)
    search_fields = ("ticket__subject",)

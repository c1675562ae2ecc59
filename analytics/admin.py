"""Analytics in the admin: to look at, not to change."""

from django.contrib import admin

from analytics.models import RevenueDay, ScoreRange, ScoreRun
from crm.events.admin import ReadOnly


@admin.register(ScoreRun)
class ScoreRunAdmin(ReadOnly):
    """Runs."""

    list_display = ("as_of", "state", "customers", "at_risk")
    list_filter = ("state",)
    search_fields = ("state",)


@admin.register(ScoreRange)
class ScoreRangeAdmin(ReadOnly):
    """Key ranges."""

    list_display = ("run", "first_id", "last_id", "customers", "done_at")
    list_filter = ("run",)
    search_fields = ("first_id",)


@admin.register(RevenueDay)
class RevenueDayAdmin(ReadOnly):
    """Revenue by day."""

    list_display = ("day", "orders", "total")
    list_filter = ("day",)
    search_fields = ("day",)

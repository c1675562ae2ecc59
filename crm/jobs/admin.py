"""Look at long work."""

from django.contrib import admin

from crm.events.admin import ReadOnly
from crm.jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnly):
    """Jobs, newest first."""

    list_display = ("id", "kind", "title", "state", "done", "total", "attempts", "created_at", "ended_at")
    list_filter = ("kind", "state")
    search_fields = ("title", "message")

"""Read what is on its way, try again what failed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from crm.events.models import Effect, EffectState, OutboxEvent
from crm.lib.clock import now


class ReadOnly(admin.ModelAdmin):
    """Rows that are looked at, never typed in."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes these by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes these by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes these by hand."""
        return False


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnly):
    """Events, with what went wrong."""

    list_display = ("id", "name", "subject", "created_at", "attempts", "delivered_at", "gave_up_at")
    list_filter = ("name", "delivered_at", "gave_up_at")
    search_fields = ("subject", "last_error")
    actions = ("try_again",)

    @admin.action(description=gettext_lazy("Deliver again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutboxEvent]) -> None:
        """Put given-up events back."""
        count = queryset.exclude(gave_up_at=None).update(gave_up_at=None, attempts=0, not_before=now())
        words = ngettext("%(n)d event will be delivered again.", "%(n)d events will be delivered again.", count)
        self.message_user(request, words % {"n": count})


@admin.register(Effect)
class EffectAdmin(ReadOnly):
    """Effects, with what went wrong."""

    list_display = ("id", "kind", "key", "state", "attempts", "created_at", "done_at")
    list_filter = ("kind", "state")
    search_fields = ("key", "last_error")
    actions = ("try_again",)

    @admin.action(description=gettext_lazy("Try again"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[Effect]) -> None:
        """Put failed effects back."""
        count = queryset.filter(state=EffectState.FAILED).update(state=EffectState.READY, not_before=now())
        words = ngettext("%(n)d effect will be tried again.", "%(n)d effects will be tried again.", count)
        self.message_user(request, words % {"n": count})

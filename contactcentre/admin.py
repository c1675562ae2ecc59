"""The contact centre in the admin: set up here, watched there; calls are changed by their services alone."""

from django.contrib import admin

from contactcentre.models import (
    Agent,
    AgentStateChange,
    Call,
    Disposition,
    Number,
    Offer,
    Queue,
    RoutingDecision,
    Skill,
    Webhook,
)
from crm.events.admin import ReadOnly


@admin.register(Skill)
class SkillAdmin(admin.ModelAdmin):
    """Skills."""

    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin):
    """Queues, with the weights of their order."""

    list_display = ("name", "digit", "skill", "target_seconds", "max_wait_seconds")
    list_filter = ("skill",)
    search_fields = ("name", "key")


@admin.register(Number)
class NumberAdmin(admin.ModelAdmin):
    """Numbers of ours."""

    list_display = ("e164", "label", "queue", "is_default")
    list_filter = ("queue",)
    search_fields = ("e164", "label")


@admin.register(Disposition)
class DispositionAdmin(admin.ModelAdmin):
    """How calls may end."""

    list_display = ("name", "position", "outcome", "is_active")
    list_filter = ("is_active", "outcome")
    search_fields = ("name",)


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin):
    """Who takes calls, and of which kinds. The state is the agent's own."""

    list_display = ("user", "state", "since")
    list_filter = ("state", "skills")
    search_fields = ("user__email", "user__last_name")
    filter_horizontal = ("skills",)
    readonly_fields = ("state", "since", "next_state")


@admin.register(Call)
class CallAdmin(ReadOnly):
    """Calls."""

    list_display = ("id", "direction", "other_number", "customer", "status", "result", "agent", "started_at")
    list_filter = ("direction", "status", "result", "queue")
    search_fields = ("other_number", "sid")
    list_select_related = ("customer", "agent")


@admin.register(Offer)
class OfferAdmin(ReadOnly):
    """At whose door a call rang."""

    list_display = ("call", "agent", "state", "at", "decided_at")
    list_filter = ("state",)
    search_fields = ("label",)


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(ReadOnly):
    """Why a call went where it went."""

    list_display = ("call", "agent", "queue", "score", "waiting", "milliseconds", "at")
    list_filter = ("queue",)
    search_fields = ("call__other_number",)


@admin.register(AgentStateChange)
class AgentStateChangeAdmin(ReadOnly):
    """Steps of agents' days."""

    list_display = ("agent", "state", "at")
    list_filter = ("state",)
    search_fields = ("agent__user__email",)


@admin.register(Webhook)
class WebhookAdmin(ReadOnly):
    """What the carrier told us."""

    list_display = ("path", "at")
    list_filter = ("path",)
    search_fields = ("key",)

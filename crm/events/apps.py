"""Events and effects."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The outbox."""

    name = "crm.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

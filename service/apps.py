"""Service: promises kept."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """Registers menu, search, panels, attributes and defaults."""

    name = "service"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up what this room gives to others."""
        from service import registrations

        registrations.register()

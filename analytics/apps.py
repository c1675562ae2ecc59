"""Analytics: what it all means."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Registers menu, panels and jobs; listens to orders."""

    name = "analytics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up what this room gives to others."""
        from analytics import registrations, subscribers  # noqa: F401
        from analytics.services import scoring  # noqa: F401

        registrations.register()

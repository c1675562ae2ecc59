"""Sales: what customers buy and what they may buy."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Registers menu, search, panels, attributes, defaults and the import of orders."""

    name = "sales"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up what this room gives to others."""
        from sales import registrations

        registrations.register()

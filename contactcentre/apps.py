"""Contact centre: speaking to one, now."""

from django.apps import AppConfig


class ContactCentreConfig(AppConfig):
    """Registers menu, panels, defaults, and the effects that reach the carrier."""

    name = "contactcentre"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up what this room gives to others."""
        from contactcentre import registrations
        from contactcentre.services import carrier  # noqa: F401

        registrations.register()

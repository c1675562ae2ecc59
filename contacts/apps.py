"""Contacts: the ground floor of the rooms."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Registers menu, search, palette, timeline kinds, attributes and the import of contacts."""

    name = "contacts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up what this room gives to others."""
        from contacts import registrations

        registrations.register()

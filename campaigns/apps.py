"""Campaigns: speaking to many."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Registers menu, search, timeline kinds and the sending job."""

    name = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up what this room gives to others."""
        from campaigns import registrations
        from campaigns.services import sending  # noqa: F401

        registrations.register()

"""The UI kit as an app: template tags, house views, commands of the front end."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Registered before the rooms, so that their pages find its tags."""

    name = "crm.ui"
    label = "ui"

    def ready(self) -> None:
        """Hang the settings into the menu."""
        from crm.lib import registry

        registry.menu(
            "people",
            _("People"),
            "accounts:people",
            "users-group",
            section=_("Settings"),
            order=900,
            permission="settings.view",
        )
        registry.action("profile", _("My profile"), "accounts:profile", "user")

"""Who may."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, teams, roles."""

    name = "crm.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Roles and their permission table exist from the first migration on."""
        from crm.accounts.services import roles
        from crm.lib import registry

        registry.default("accounts.roles", roles.ensure_defaults)

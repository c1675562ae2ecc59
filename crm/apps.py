"""The project itself as an app: its commands, its Celery app, and the defaults that rooms declare."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


def install_defaults(**kwargs: object) -> None:
    """Run every room's defaults (roles, stages, calendars) once the tables of all rooms exist."""
    from crm.lib import registry

    registry.run_defaults()


class CrmConfig(AppConfig):
    """Project package: comes first, so that the Celery app exists before any task is declared."""

    name = "crm"
    label = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the Celery app and listen for the end of a migration."""
        from crm import celery  # noqa: F401

        # Django tells only apps that have models; the first of ours hears it once all tables of all rooms exist.
        sender = apps.get_app_config("accounts")
        post_migrate.connect(install_defaults, sender=sender, dispatch_uid="crm.defaults")

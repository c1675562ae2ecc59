"""Long work."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs with progress."""

    name = "crm.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

"""The UI kit as an app: template tags, house views, commands of the front end."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Registered before the rooms, so that their pages find its tags."""

    name = "crm.ui"
    label = "ui"

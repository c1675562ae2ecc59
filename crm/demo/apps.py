"""The demo company: real purchases under invented names."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Stands on top of all rooms, and is installed only where RAPPORT_DEMO allows it."""

    name = "crm.demo"

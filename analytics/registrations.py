"""What this room hangs up for the others and for the shell."""

from django.utils.translation import gettext_lazy

from crm.lib import registry


def register() -> None:
    """Hang it all up."""
    menu = gettext_lazy("Analytics")
    registry.menu(
        "dashboard", gettext_lazy("Dashboard"), "analytics:dashboard", "chart-bar", menu, 80, "analytics.manage"
    )
    registry.menu("runs", gettext_lazy("Scoring"), "analytics:runs", "sparkles", menu, 81, "analytics.manage")
    registry.panel("party", "why", gettext_lazy("Why these scores"), "analytics:why", 5, "analytics.use")

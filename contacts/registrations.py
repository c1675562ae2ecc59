"""What this room hangs up for the others and for the shell."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import attributes
from contacts.models import Party
from contacts.selectors import scores_of
from contacts.services import importing, importing_contacts
from crm.lib import registry
from crm.lib.words import reason
from crm.ui import cells


def find(user: Any, words: str, limit: int) -> Iterable[registry.Hit]:
    """Find customers for the palette."""
    rows = Party.objects.active().visible_to(user).search(words).select_related("account").order_by("sort_name")[:limit]
    for party in rows:
        caption = party.account.name if party.account else party.get_kind_display()
        yield registry.Hit(party.name, caption, party.get_absolute_url(), "user" if party.is_person else "building")


def value_vital(user: Any, party: Any) -> registry.Vital | None:
    """Lifetime value."""
    score = _scores(party).get("lifetime_value")
    if score is None:
        return registry.Vital("–", _("Not reckoned yet"))
    if score.value is None:
        return registry.Vital("–", _("Not enough data"))
    top = max(1, round(100 - 100 * (score.percentile or 0)))
    return registry.Vital(cells.amount(score.value), _("Top %(top)d%%, next 12 months") % {"top": top})


def risk_vital(user: Any, party: Any) -> registry.Vital | None:
    """Churn risk."""
    score = _scores(party).get("churn")
    if score is None:
        return registry.Vital("–", _("Not reckoned yet"))
    if score.value is None:
        return registry.Vital("–", _("Not enough data"))
    level, word = cells.risk_level(score.value)
    first = reason(score.reasons[0]) if score.reasons else word
    return registry.Vital(f"{score.value:.0%}", first, level=str(level))


def _scores(party: Any) -> dict[str, Any]:
    """Read a customer's scores once for all vitals of a page."""
    if not hasattr(party, "_scores"):
        party._scores = scores_of(party.customer_id)
    return dict(party._scores)


def register() -> None:
    """Hang it all up."""
    attributes.register()
    importing.register(importing_contacts.KIND)
    registry.menu("contacts", gettext_lazy("Contacts"), "contacts:list", "users", order=10, permission="contacts.view")
    registry.menu(
        "accounts", gettext_lazy("Accounts"), "contacts:accounts", "building", order=11, permission="contacts.view"
    )
    registry.menu(
        "imports",
        gettext_lazy("Imports"),
        "contacts:imports",
        "upload",
        section=gettext_lazy("Settings"),
        order=910,
        permission="imports.view",
    )
    registry.action("new-contact", gettext_lazy("New contact"), "contacts:create", "plus", permission="contacts.create")
    registry.action(
        "new-account", gettext_lazy("New account"), "contacts:create_account", "plus", permission="contacts.create"
    )
    registry.action("import", gettext_lazy("Import a file"), "contacts:import", "upload", permission="imports.create")
    registry.search("parties", gettext_lazy("Contacts and accounts"), find, weight=10)
    registry.vital("party", "value", gettext_lazy("Lifetime value"), value_vital, order=10)
    registry.vital("party", "risk", gettext_lazy("Churn risk"), risk_vital, order=20)
    registry.panel(
        "party", "tasks", gettext_lazy("Tasks"), "contacts:tasks_panel", order=10, permission="contacts.view"
    )
    for kind, label, icon, key in (
        ("note", gettext_lazy("Note"), "note", "notes"),
        ("task", gettext_lazy("Task planned"), "checkbox", "tasks"),
        ("task-done", gettext_lazy("Task done"), "circle-check", "tasks"),
        ("consent", gettext_lazy("Consent"), "shield-lock", "consent"),
    ):
        registry.timeline_kind(kind, label, icon, key)

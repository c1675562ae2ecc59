"""What every page of the shell needs: the menu a person may use, the theme, the keys."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from crm.accounts.permissions import can
from crm.lib import registry


@cache
def _address(name: str) -> str:
    return reverse(name)


def _menu(request: HttpRequest) -> list[tuple[str, list[dict[str, Any]]]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    for entry in registry.menu_entries():
        if entry.permission and not can(request.user, entry.permission):
            continue
        url = _address(entry.url_name)
        sections.setdefault(str(entry.section), []).append(
            {"label": entry.label, "url": url, "icon": entry.icon, "here": request.path.startswith(url)}
        )
    for entries in sections.values():
        # Of two prefixes the longer is where we are: /contacts/accounts/ is not Contacts.
        here = max((entry for entry in entries if entry["here"]), key=lambda entry: len(entry["url"]), default=None)
        for entry in entries:
            entry["here"] = entry is here
    return list(sections.items())


def _actions(request: HttpRequest) -> list[registry.Action]:
    return [entry for entry in registry.actions() if not entry.permission or can(request.user, entry.permission)]


def _dial(request: HttpRequest) -> str:
    """Return where numbers are dialled, or nothing for who has no telephone here."""
    user = request.user
    return reverse("contactcentre:dial") if user.is_authenticated and can(user, "calls.use") else ""


def lazy(fn: Callable[[HttpRequest], Any], request: HttpRequest) -> Any:
    """Work a value out only when a template asks for it."""
    return SimpleLazyObject(lambda: fn(request))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's values; fragments do not ask for them and so pay nothing."""
    made = {"shell_menu": _menu, "shell_actions": _actions, "shell_dial": _dial}
    return {name: lazy(make, request) for name, make in made.items()}

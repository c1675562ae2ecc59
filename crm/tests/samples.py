"""One sample of each kind of record, so that every address can be opened.

Rooms add theirs in `<room>/tests/samples.py`.
"""

from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

OURS = {"ui", "accounts", "jobs", *settings.ROOMS}
DOORS = {  # pages of the sign-in library that wear our clothes
    "account_login", "account_logout", "account_reset_password", "account_change_password", "mfa_index",
    "mfa_activate_totp", "usersessions_list",
}  # fmt: skip


def addresses(resolver: Any = None, spaces: tuple[str, ...] = ()) -> list[tuple[str, Any]]:
    """Return (name, pattern) of every address of ours."""
    found: list[tuple[str, Any]] = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found += addresses(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        elif (
            isinstance(entry, URLPattern) and entry.name and ((spaces[:1] and spaces[0] in OURS) or entry.name in DOORS)
        ):
            found.append((":".join((*spaces, entry.name)), entry))
    return found


def arguments(cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Return the arguments of each address that needs some, making the records they lead to."""
    made: dict[str, list[Any]] = {
        "accounts:person": [cast.bob.pk],
        "accounts:join": ["x", "y"],
    }
    for room in settings.ROOMS:
        if find_spec(f"{room}.tests") and find_spec(f"{room}.tests.samples"):
            made.update(import_module(f"{room}.tests.samples").arguments(cast))
    return made

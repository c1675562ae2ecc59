"""What the rooms declare in their `bench.py`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


def declared(name: str) -> list[Any]:
    """Return what each room that has a `bench` module calls by this name, in the order of the rooms."""
    found = []
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.bench"):
            entry = getattr(import_module(f"{config.name}.bench"), name, None)
            if entry is not None:
                found.append(entry)
    return found


def benches() -> dict[str, list[Any]]:
    """Return the measurements by name; a name may have parts in several rooms."""
    found: dict[str, list[Any]] = {}
    for entry in declared("BENCHES"):
        for name, fn in entry.items():
            found.setdefault(name, []).append(fn)
    return found

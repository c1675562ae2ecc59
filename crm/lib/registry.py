"""Where rooms hang what belongs on other rooms' screens: filled in each app's `ready()`, read by the UI kit.

This is the only way up: a lower room never imports a higher one, it shows what was registered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class MenuEntry:
    """One line of the sidebar."""

    key: str
    label: Any
    url_name: str
    icon: str
    section: Any = ""
    order: int = 100
    permission: str = ""
    badge: Callable[[Any], int] | None = None


@dataclass(frozen=True)
class Panel:
    """A part of a record page whose body is fetched from `url_name` with the record's key."""

    key: str
    title: Any
    url_name: str
    order: int = 100
    permission: str = ""


@dataclass(frozen=True)
class Vital:
    """One answer in the strip under a record's head."""

    value: str
    caption: str = ""
    url: str = ""
    level: str = ""
    label: str = ""


@dataclass(frozen=True)
class VitalSource:
    """Makes a Vital for a record, or None when there is nothing to say."""

    key: str
    label: Any
    make: Callable[[Any, Any], Vital | None]
    order: int = 100


@dataclass(frozen=True)
class TimelineKind:
    """How a kind of touchpoint is named, drawn and filtered."""

    kind: str
    label: Any
    icon: str
    filter_key: str = ""


@dataclass(frozen=True)
class Hit:
    """One thing found by the search."""

    label: str
    caption: str
    url: str
    icon: str


@dataclass(frozen=True)
class SearchSource:
    """Finds records for the palette: `find(user, words, limit)`; heavier weights come first."""

    key: str
    label: Any
    find: Callable[[Any, str, int], Iterable[Hit]]
    weight: int = 100


@dataclass(frozen=True)
class Action:
    """A verb of the palette: go somewhere or create something."""

    key: str
    label: Any
    url: str
    icon: str
    keys: str = ""
    permission: str = ""
    section: Any = ""


@dataclass(frozen=True)
class BulkAction:
    """A verb for the rows chosen in a list; the ids are posted to `url_name`."""

    key: str
    label: Any
    url_name: str
    icon: str
    permission: str = ""


@dataclass(frozen=True)
class Attribute:
    """Something known of a customer, usable in lists, filters, segments, routing and merge fields.

    `annotate(queryset_of_party, name)` adds the value under `name`; it is looked up by `customer_id`.
    """

    key: str
    label: Any
    type: str
    annotate: Callable[[Any, str], Any]
    choices: Callable[[], list[tuple[str, Any]]] | None = None
    horizon: Any = ""


_menu: dict[str, MenuEntry] = {}
_panels: dict[str, dict[str, Panel]] = defaultdict(dict)
_vitals: dict[str, dict[str, VitalSource]] = defaultdict(dict)
_kinds: dict[str, TimelineKind] = {}
_searches: dict[str, SearchSource] = {}
_actions: dict[str, Action] = {}
_bulk: dict[str, dict[str, BulkAction]] = defaultdict(dict)
_attributes: dict[str, Attribute] = {}
_defaults: dict[str, Callable[[], None]] = {}


def menu(
    key: str,
    label: Any,
    url_name: str,
    icon: str,
    section: Any = "",
    order: int = 100,
    permission: str = "",
    badge: Callable[[Any], int] | None = None,
) -> None:
    """Add a line to the sidebar."""
    _menu[key] = MenuEntry(key, label, url_name, icon, section, order, permission, badge)


def menu_entries() -> list[MenuEntry]:
    """Return the sidebar's lines in their order."""
    return sorted(_menu.values(), key=lambda entry: entry.order)


def panel(record_kind: str, key: str, title: Any, url_name: str, order: int = 100, permission: str = "") -> None:
    """Add a lazily loaded panel to a kind of record."""
    _panels[record_kind][key] = Panel(key, title, url_name, order, permission)


def panels(record_kind: str) -> list[Panel]:
    """Return the panels of a kind of record in their order."""
    return sorted(_panels[record_kind].values(), key=lambda entry: entry.order)


def vital(record_kind: str, key: str, label: Any, make: Callable[[Any, Any], Vital | None], order: int = 100) -> None:
    """Add an answer to the strip under the head of a kind of record."""
    _vitals[record_kind][key] = VitalSource(key, label, make, order)


def vitals(record_kind: str) -> list[VitalSource]:
    """Return the vitals of a kind of record in their order."""
    return sorted(_vitals[record_kind].values(), key=lambda entry: entry.order)


def timeline_kind(kind: str, label: Any, icon: str, filter_key: str = "") -> None:
    """Name a kind of touchpoint."""
    _kinds[kind] = TimelineKind(kind, label, icon, filter_key)


def timeline_kinds() -> dict[str, TimelineKind]:
    """Return the known kinds of touchpoint by key."""
    return _kinds


def search(key: str, label: Any, find: Callable[[Any, str, int], Iterable[Hit]], weight: int = 100) -> None:
    """Add a source of search results."""
    _searches[key] = SearchSource(key, label, find, weight)


def searches() -> list[SearchSource]:
    """Return the search sources, heaviest first."""
    return sorted(_searches.values(), key=lambda source: -source.weight)


def action(key: str, label: Any, url: str, icon: str, keys: str = "", permission: str = "", section: Any = "") -> None:
    """Add a verb to the palette; `url` is a URL name."""
    _actions[key] = Action(key, label, url, icon, keys, permission, section)


def actions() -> list[Action]:
    """Return the palette's verbs."""
    return list(_actions.values())


def bulk_action(record_kind: str, key: str, label: Any, url_name: str, icon: str, permission: str = "") -> None:
    """Add a verb for chosen rows of a kind of record."""
    _bulk[record_kind][key] = BulkAction(key, label, url_name, icon, permission)


def bulk_actions(record_kind: str) -> list[BulkAction]:
    """Return the verbs for chosen rows."""
    return list(_bulk[record_kind].values())


def attribute(entry: Attribute) -> None:
    """Declare something known of a customer."""
    _attributes[entry.key] = entry


def attributes() -> dict[str, Attribute]:
    """Return everything that can be known of a customer, by key."""
    return _attributes


def default(key: str, fn: Callable[[], None]) -> None:
    """Declare rows a room cannot work without; `fn` runs after each migration and must be repeatable."""
    _defaults[key] = fn


def run_defaults() -> None:
    """Make sure that every room's defaults exist, lowest room first (the order of declaration)."""
    for fn in _defaults.values():
        fn()

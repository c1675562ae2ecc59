"""Lists as columns: what is shown, how it is sorted, and the finished rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.utils.safestring import SafeString

from crm.ui import cells
from crm.ui.cells import escape


@dataclass(frozen=True)
class Column:
    """One column. `value` is a function of the object or an attribute path; `sort` a field to order by.

    `kind` is one of `cells.KINDS`; `url` makes the cell a link; `hide` is "phone" or "narrow".
    """

    key: str
    label: Any
    value: Callable[[Any], Any] | str = ""
    sort: str = ""
    kind: str = "text"
    url: Callable[[Any], str] | None = None
    hide: str = ""

    @property
    def getter(self) -> Callable[[Any], Any]:
        """Return the function that reads the cell's value."""
        return self.value if callable(self.value) else attrgetter(self.value or self.key)

    @property
    def classes(self) -> str:
        """Return the cell's classes."""
        parts = ["num" if self.kind in cells.RIGHT else "", f"hide-{self.hide}" if self.hide else ""]
        parts += ["cell-who" if self.kind == "who" else "", "tabular" if self.kind == "phone" else ""]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Head:
    """The head of a column as the template prints it."""

    label: Any
    classes: str
    sort_key: str
    direction: str
    """"", "ascending" or "descending"."""


def heads(columns: Sequence[Column], sort: str) -> list[Head]:
    """Return the heads for the present order."""
    present, down = sort.lstrip("-"), sort.startswith("-")
    made = []
    for column in columns:
        here = bool(column.sort) and column.key == present
        direction = ("descending" if down else "ascending") if here else ""
        key = (column.key if here and down else f"-{column.key}" if here else column.key) if column.sort else ""
        made.append(Head(column.label, column.classes, key, direction))
    return made


def body(columns: Sequence[Column], objects: Iterable[Any]) -> SafeString:
    """Return the rows as finished HTML: values are read and escaped once, in one loop."""
    plan = [(column.getter, column.kind, column.url, _open(column)) for column in columns]
    out: list[str] = []
    for obj in objects:
        out.append("<tr>")
        for get, kind, url, opening in plan:
            inner = cells.render(kind, get(obj))
            address = url(obj) if url and inner is not cells.NOTHING else ""
            if address:
                who = ' class="who"' if kind == "who" else ""
                inner = f'<a{who} href="{escape(address)}">{inner}</a>'
            out.append(f"{opening}{inner}</td>")
        out.append("</tr>")
    return SafeString("".join(out))


def _open(column: Column) -> str:
    classes = f' class="{column.classes}"' if column.classes else ""
    return f'<td{classes} data-label="{escape(column.label)}">'

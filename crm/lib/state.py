"""Change of state by compare-and-set: whoever comes second is told, nobody overwrites."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.lib.errors import DomainError, StaleState


def move(queryset: QuerySet[Any], *, old: Any, new: Any, field: str = "status", **updates: Any) -> None:
    """Set `field` from `old` to `new` on the one row of `queryset`, with further column values in `updates`.

    `old` may be a collection of states. Raises StaleState when the row is no longer in `old`.
    """
    olds = list(old) if isinstance(old, (list, tuple, set, frozenset)) else [old]
    if queryset.filter(**{f"{field}__in": olds}).update(**{field: new}, **updates) != 1:
        raise StaleState


def check(allowed: Mapping[Any, frozenset[Any]], old: Any, new: Any) -> None:
    """Raise DomainError when the table of moves does not let `old` become `new`."""
    if new not in allowed.get(old, frozenset()):
        label = getattr(new, "label", new)
        raise DomainError(_("This cannot become “%(state)s” from where it stands now.") % {"state": label})

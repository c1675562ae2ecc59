"""Rules of segments over the attributes that rooms know of customers: checked, compiled, said in words.

A rule is `{"match": "all" | "any", "terms": [{"attribute", "op", "value"}]}`; values are kept as text, as typed.
Shares (churn risk) and ranks (lifetime value, rank) are typed in per cent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib import registry
from crm.lib.clock import now
from crm.lib.errors import DomainError

MOST_TERMS = 8


@dataclass(frozen=True)
class Op:
    """A comparison: its words, and the lookup it makes of a column and a read value."""

    label: Any
    lookup: Callable[[str, Any], Q]


def _cmp(suffix: str) -> Callable[[str, Any], Q]:
    return lambda column, value: Q(**{f"{column}__{suffix}": value})


NUMBERS = {
    "gte": Op(gettext_lazy("is at least"), _cmp("gte")),
    "gt": Op(gettext_lazy("is more than"), _cmp("gt")),
    "lte": Op(gettext_lazy("is at most"), _cmp("lte")),
    "lt": Op(gettext_lazy("is less than"), _cmp("lt")),
}
OPS: dict[str, dict[str, Op]] = {
    "number": {**NUMBERS, "eq": Op(gettext_lazy("is"), _cmp("exact"))},
    "money": NUMBERS,
    "share": NUMBERS,
    "rank": {
        "top": Op(gettext_lazy("is in the top"), lambda column, value: Q(**{f"{column}__gte": 1 - value})),
        "bottom": Op(gettext_lazy("is in the bottom"), lambda column, value: Q(**{f"{column}__lte": value})),
    },
    "text": {
        "is": Op(gettext_lazy("is"), _cmp("iexact")),
        "contains": Op(gettext_lazy("contains"), _cmp("icontains")),
        "starts": Op(gettext_lazy("begins with"), _cmp("istartswith")),
    },
    "choice": {
        "is": Op(gettext_lazy("is"), _cmp("exact")),
        "not": Op(
            gettext_lazy("is not"), lambda column, value: ~Q(**{column: value}) & Q(**{f"{column}__isnull": False})
        ),
    },
    "date": {
        "within": Op(gettext_lazy("within the last … days"), lambda column, value: Q(**{f"{column}__gte": value})),
        "before": Op(gettext_lazy("longer ago than … days"), lambda column, value: Q(**{f"{column}__lt": value})),
    },
}


def ops_of(key: str) -> dict[str, Op]:
    """Return the comparisons of an attribute. Raises DomainError for one that nobody knows."""
    entry = registry.attributes().get(key)
    if entry is None:
        raise DomainError(_("Nobody knows “%(key)s” of a customer.") % {"key": key[:60]})
    return OPS[entry.type]


def _read(kind: str, label: Any, text: str) -> Any:
    """Return a typed value. Raises DomainError with a sentence."""
    text = text.strip()
    if not text:
        raise DomainError(_("“%(name)s” is compared with nothing. Write a value.") % {"name": label})
    if kind in {"text", "choice"}:
        return text
    try:
        value = Decimal(text.rstrip("%").replace(",", ".").strip().lstrip("$€£").strip())
    except InvalidOperation:
        raise DomainError(_("“%(text)s” is not a number.") % {"text": text[:40]}) from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise DomainError(_("“%(text)s” is not a number.") % {"text": text[:40]})
    if kind in {"share", "rank"}:
        if not 0 <= value <= 100:
            raise DomainError(_("“%(name)s” lies between 0 and 100 per cent.") % {"name": label})
        return float(value) / 100
    if kind == "date":
        if not 0 <= value <= 36500:
            raise DomainError(_("“%(text)s” is not a number of days.") % {"text": text[:40]})
        return now() - timedelta(days=float(value))
    return value


def compile_rule(rule: dict[str, Any], queryset: Any) -> Any:
    """Return the queryset of parties narrowed to those who fit. Raises DomainError for a rule that makes no sense.

    An unknown value (no order yet, no score) fits no comparison.
    """
    terms = rule.get("terms", [])
    if not terms:
        raise DomainError(_("A segment needs a condition."))
    if len(terms) > MOST_TERMS:
        raise DomainError(_("At most %(n)d conditions.") % {"n": MOST_TERMS})
    every = rule.get("match", "all") == "all"
    found: Q | None = None
    for term in terms:
        ops = ops_of(term.get("attribute", ""))
        entry = registry.attributes()[term["attribute"]]
        if term.get("op") not in ops:
            raise DomainError(_("“%(name)s” cannot be compared like that.") % {"name": entry.label})
        value = _read(entry.type, entry.label, str(term.get("value", "")))
        column = "rule_" + entry.key.replace(".", "_")
        if column not in queryset.query.annotations:
            queryset = entry.annotate(queryset, column)
        part = ops[term["op"]].lookup(column, value)
        found = part if found is None else (found & part if every else found | part)
    return queryset.filter(found)


def words(rule: dict[str, Any]) -> list[str]:
    """Return the terms as sentences."""
    made = []
    for term in rule.get("terms", []):
        entry = registry.attributes().get(term.get("attribute", ""))
        if entry is None:
            continue
        unit = "%" if entry.type in {"share", "rank"} else ""
        op = OPS[entry.type].get(term.get("op", ""))
        label, value = str(op.label) if op else "?", f"{term.get('value', '')}{unit}"
        if entry.type == "choice":
            value = _(value)
        # “within the last … days” has a place for its value, the others end with it.
        made.append(f"{entry.label} " + (label.replace("…", value) if "…" in label else f"{label} {value}"))
    return made

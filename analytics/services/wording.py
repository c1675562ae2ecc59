"""Reasons in words: what a score rests on, for the person on the telephone.

A reason is kept as its words and their values, `{"say", "with", "effect"}`: each reader gets it in their language.
"""

from typing import Any

from django.utils.translation import gettext_noop as _

from crm.ui.cells import amount

Said = tuple[str, dict[str, Any]]


def of_risk(effects: Any, facts: dict[str, float]) -> list[dict[str, Any]]:
    """Return the three strongest terms of a churn risk with their effect in points."""
    order = sorted(range(len(effects)), key=lambda place: -abs(effects[place]))[:3]
    return [_reason(*RISK[place](facts), effect=round(float(effects[place]), 1)) for place in order]


def _reason(say: str, values: dict[str, Any], effect: float | None = None) -> dict[str, Any]:
    return {"say": say, "with": values, "effect": effect}


def _silence(facts: dict[str, float]) -> Said:
    words = _("Silent for %(days)d days, usually buys every %(usual)d")
    return words, {"days": int(facts["silent"]), "usual": max(1, round(facts["usual"]))}


def _recent(facts: dict[str, float]) -> Said:
    return _("%(n)d purchases in the last 90 days"), {"n": int(facts["recent"])}


def _trend(facts: dict[str, float]) -> Said:
    words = _("%(n)d purchases in 90 days, %(before)d in the 90 before")
    return words, {"n": int(facts["recent"]), "before": int(facts["before"])}


def _frequency(facts: dict[str, float]) -> Said:
    return _("%(n).1f purchases a month"), {"n": round(facts["per_month"], 1)}


def _worth(facts: dict[str, float]) -> Said:
    return _("%(amount)s a purchase"), {"amount": amount(round(facts["mean"], 2))}


def _tenure(facts: dict[str, float]) -> Said:
    return _("Customer for %(days)d days"), {"days": int(facts["age"])}


RISK = (_silence, _recent, _trend, _frequency, _worth, _tenure)


def of_value(orders: float, worth: float, alive: float) -> list[dict[str, Any]]:
    """Return what a lifetime value is made of."""
    return [
        _reason(_("%(n).1f purchases expected in 12 months"), {"n": round(orders, 1)}),
        _reason(_("%(amount)s expected a purchase"), {"amount": amount(round(worth, 2))}),
        _reason(_("%(share)d%% chance to be a customer still"), {"share": round(100 * alive)}),
    ]


def of_rfm(r: int, f: int, m: int) -> list[dict[str, Any]]:
    """Return the three fifths."""
    return [_reason(_("Recency %(r)d, frequency %(f)d, value %(m)d of 5"), {"r": r, "f": f, "m": m})]


def nothing(say: str) -> list[dict[str, Any]]:
    """Return why there is no score."""
    return [_reason(say, {})]

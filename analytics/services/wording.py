"""Reasons in words: what a score rests on, for the person on the telephone."""

from typing import Any

from django.utils.translation import gettext as _

from crm.ui.cells import amount


def of_risk(effects: Any, facts: dict[str, float]) -> list[dict[str, Any]]:
    """Return the three strongest terms of a churn risk with their effect in points."""
    order = sorted(range(len(effects)), key=lambda place: -abs(effects[place]))[:3]
    return [{"text": RISK[place](facts), "effect": round(float(effects[place]), 1)} for place in order]


def _silence(facts: dict[str, float]) -> str:
    words = _("Silent for %(days)d days, usually buys every %(usual)d")
    return words % {"days": facts["silent"], "usual": max(1, round(facts["usual"]))}


def _recent(facts: dict[str, float]) -> str:
    return _("%(n)d purchases in the last 90 days") % {"n": facts["recent"]}


def _trend(facts: dict[str, float]) -> str:
    words = _("%(n)d purchases in 90 days, %(before)d in the 90 before")
    return words % {"n": facts["recent"], "before": facts["before"]}


def _frequency(facts: dict[str, float]) -> str:
    return _("%(n).1f purchases a month") % {"n": facts["per_month"]}


def _worth(facts: dict[str, float]) -> str:
    return _("%(amount)s a purchase") % {"amount": amount(round(facts["mean"], 2))}


def _tenure(facts: dict[str, float]) -> str:
    return _("Customer for %(days)d days") % {"days": facts["age"]}


RISK = (_silence, _recent, _trend, _frequency, _worth, _tenure)


def of_value(orders: float, worth: float, alive: float) -> list[dict[str, Any]]:
    """Return what a lifetime value is made of."""
    return [
        {"text": _("%(n).1f purchases expected in 12 months") % {"n": orders}, "effect": None},
        {"text": _("%(amount)s expected a purchase") % {"amount": amount(round(worth, 2))}, "effect": None},
        {"text": _("%(share)d%% chance to be a customer still") % {"share": round(100 * alive)}, "effect": None},
    ]


def of_rfm(r: int, f: int, m: int) -> list[dict[str, Any]]:
    """Return the three fifths."""
    words = _("Recency %(r)d, frequency %(f)d, value %(m)d of 5")
    return [{"text": words % {"r": r, "f": f, "m": m}, "effect": None}]


def nothing(text: str) -> list[dict[str, Any]]:
    """Return why there is no score."""
    return [{"text": text, "effect": None}]

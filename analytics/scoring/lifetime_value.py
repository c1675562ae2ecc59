"""Lifetime value: expected purchases times their expected worth over a horizon, discounted."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.scoring import gamma_gamma, nbd
from analytics.scoring.history import Summary

MONTH = 52 / 12
"""Weeks."""
LEAST_REPEATS = 100
"""So many customers must have bought again, or the models have nothing to stand on."""


@dataclass(frozen=True)
class Model:
    """Both fits; `monthly_discount` is a share (0.01 for 1 % a month), `margin` what is left of a sale."""

    purchases: nbd.Fit
    worth: gamma_gamma.Fit
    months: int = 12
    monthly_discount: float = 0.01
    margin: float = 1.0


def train(seen: Summary) -> Model | None:
    """Fit both models; None when there is not enough data."""
    if int((seen.x > 0).sum()) < LEAST_REPEATS:
        return None
    return Model(nbd.fit("mbg", seen.x, seen.t_x, seen.t), gamma_gamma.fit(seen.x, seen.m))


def predict(model: Model, seen: Summary) -> tuple[Any, Any, Any, Any]:
    """Return value, expected purchases, expected worth of one, and the chance to be a customer still.

    CLV = sum over months of (E[Y(i)] - E[Y(i-1)]) E[M] margin / (1 + d)^i  (Fader, Hardie, Lee 2005, section 5).
    """
    worth = gamma_gamma.expected(model.worth, seen.x, seen.m)
    value, before = np.zeros(len(seen.x)), np.zeros(len(seen.x))
    for month in range(1, model.months + 1):
        until = nbd.expected(model.purchases, month * MONTH, seen.x, seen.t_x, seen.t)
        value += (until - before) / (1 + model.monthly_discount) ** month
        before = until
    return value * worth * model.margin, before, worth, nbd.alive(model.purchases, seen.x, seen.t_x, seen.t)

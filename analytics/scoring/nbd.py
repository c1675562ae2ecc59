"""How often customers come back, and whether they still are customers: BG/NBD, MBG/NBD, and NBD.

Sources: BG/NBD: Fader, Hardie, Lee, "Counting Your Customers the Easy Way", Marketing Science 24(2), 2005.
MBG/NBD: Batislam, Denizel, Filiztekin, "Empirical validation and comparison of models for customer base analysis",
International Journal of Research in Marketing 24, 2007: a customer may also leave right after the first purchase.
While alive, purchases are Poisson with a rate from Gamma(r, alpha); after each purchase the customer leaves with a
chance from Beta(a, b). NBD is the limit in which nobody leaves.

Everywhere: x repeat purchases (purchase days after the first), t_x the time of the last one, T the age of the
customer, all arrays of one length, times in one unit (weeks here).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

SMALL, LARGE = -9.0, 9.0
"""Bounds of the logarithms of parameters: beyond them the data say nothing of a parameter."""


@dataclass(frozen=True)
class Fit:
    """Parameters by maximum likelihood. `model` is "bg", "mbg" or "nbd"; `log_likelihood` is the sum over customers."""

    model: str
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int

    @property
    def parameters(self) -> dict[str, float]:
        """Return what the model card prints."""
        names = ("r", "alpha") if self.model == "nbd" else ("r", "alpha", "a", "b")
        return {name: float(getattr(self, name)) for name in names}


def log_likelihood(model: str, r: float, alpha: float, a: float, b: float, x: Any, t_x: Any, t: Any) -> Any:
    """Return ln L of each customer."""
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stayed = -(r + x) * np.log(alpha + t)
    if model == "nbd":
        return common + stayed
    left = -(r + x) * np.log(alpha + t_x)
    if model == "mbg":
        stays, leaves = betaln(a, b + x + 1) - betaln(a, b), betaln(a + 1, b + x) - betaln(a, b)
        return common + np.logaddexp(stays + stayed, leaves + left)
    stays = betaln(a, b + x) - betaln(a, b)
    leaves = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b)
    return common + np.where(x > 0, np.logaddexp(stays + stayed, leaves + left), stays + stayed)


def fit(model: str, x: Any, t_x: Any, t: Any) -> Fit:
    """Fit by maximum likelihood over the distinct (x, t_x, T). Raises ValueError for no customers.

    A fit that runs into its bounds means that nobody is seen leaving: then the NBD without departures is returned.
    """
    rows = np.column_stack([x, t_x, t]).astype(float)
    if not len(rows):
        raise ValueError("There is nobody to fit.")
    (x, t_x, t), weights = _distinct(rows)

    def cost(logs: Any) -> float:
        r, alpha, a, b = np.exp(logs) if model != "nbd" else (*np.exp(logs), 1.0, 1.0)
        return -float(weights @ log_likelihood(model, r, alpha, a, b, x, t_x, t)) / len(rows)

    count = 2 if model == "nbd" else 4
    scale = max(float(np.median(t)), 1e-6)
    starts = [np.log([0.5, scale / 6, 1.0, 2.0]), np.log([1.0, scale / 2, 0.5, 5.0])]
    best = min((_climb(cost, start[:count]) for start in starts), key=lambda found: float(found.fun))
    if model != "nbd" and (np.any(best.x <= SMALL + 0.5) or np.any(best.x >= LARGE - 0.5)):
        return fit("nbd", rows[:, 0], rows[:, 1], rows[:, 2])
    r, alpha = (float(value) for value in np.exp(best.x[:2]))
    a, b = (float(value) for value in np.exp(best.x[2:])) if count > 2 else (0.0, 1.0)
    return Fit(model, r, alpha, a, b, -float(best.fun) * len(rows), len(rows))


def _distinct(rows: Any) -> tuple[Any, Any]:
    found, weights = np.unique(rows, axis=0, return_counts=True)
    return found.T, weights


def _climb(cost: Any, start: Any) -> Any:
    bounds = [(SMALL, LARGE)] * len(start)
    return minimize(
        cost, start, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12, "gtol": 1e-7, "maxiter": 500}
    )


def alive(found: Fit, x: Any, t_x: Any, t: Any) -> Any:
    """Return the chance that each customer still is one."""
    x, t_x, t = (np.asarray(values, dtype=float) for values in (x, t_x, t))
    if found.model == "nbd":
        return np.ones_like(x)
    ratio = (found.r + x) * np.log((found.alpha + t) / (found.alpha + t_x))
    if found.model == "mbg":
        odds = found.a / (found.b + x) * np.exp(np.minimum(ratio, 700))
    else:
        odds = np.where(x > 0, found.a / (found.b + np.maximum(x, 1) - 1) * np.exp(np.minimum(ratio, 700)), 0.0)
    return 1.0 / (1.0 + odds)


def expected(found: Fit, horizon: float, x: Any, t_x: Any, t: Any) -> Any:
    """Return the expected purchases of each customer within the next `horizon`, given their history.

    Both models share E = c0/(a-1) (1 - ((alpha+T)/(alpha+T+h))^(r+x) 2F1(r+x, .; c; z)) P(alive); Euler's
    transformation of 2F1 turns the product, which over- and underflows for eager buyers, into
    (1-z)^(a-1) 2F1(c-r-x, a-1; c; z).
    """
    x = np.asarray(x, dtype=float)
    t = np.asarray(t, dtype=float)
    if found.model == "nbd":
        return (found.r + x) / (found.alpha + t) * horizon
    a = found.a if abs(found.a - 1) > 1e-6 else 1 + 1e-6
    c = a + found.b + x - (0 if found.model == "mbg" else 1)
    z = horizon / (found.alpha + t + horizon)
    kept = (1 - z) ** (a - 1) * hyp2f1(c - found.r - x, a - 1, c, z)
    return c / (a - 1) * (1 - kept) * alive(found, x, t_x, t)


def expected_new(found: Fit, horizon: Any) -> Any:
    """Return the expected repeat purchases of somebody who has just bought for the first time (BG/NBD, eq. 9)."""
    h = np.asarray(horizon, dtype=float)
    a, b, r, alpha = found.a, found.b, found.r, found.alpha
    if found.model != "bg":
        raise ValueError("This is the formula of the BG/NBD.")
    return (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + h)) ** r * hyp2f1(r, b, a + b - 1, h / (alpha + h)))

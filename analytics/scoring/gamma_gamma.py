"""How much a purchase of a customer is worth: Gamma-Gamma.

Source: Fader, Hardie, "The Gamma-Gamma Model of Monetary Value", note 025, 2013. x counts repeat purchases, m is their
mean value; only customers with x > 0 and m > 0 say anything.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln


@dataclass(frozen=True)
class Fit:
    """Parameters by maximum likelihood; `correlation` of x and m should be small, the model assumes none."""

    p: float
    q: float
    gamma: float
    log_likelihood: float
    customers: int
    correlation: float

    @property
    def parameters(self) -> dict[str, float]:
        """Return what the model card prints."""
        return {"p": self.p, "q": self.q, "gamma": self.gamma, "correlation": self.correlation}


def log_likelihood(p: float, q: float, gamma: float, x: Any, m: Any) -> Any:
    """Return ln L of each customer (note 025, equation 1a)."""
    return (
        gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
        + (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(gamma + m * x)
    )  # fmt: skip


def fit(x: Any, m: Any) -> Fit:
    """Fit by maximum likelihood. Raises ValueError when nobody bought twice."""
    x, m = np.asarray(x, dtype=float), np.asarray(m, dtype=float)
    told = (x > 0) & (m > 0)
    x, m = x[told], m[told]
    if not len(x):
        raise ValueError("Nobody bought twice.")
    scale = float(m.mean())

    def cost(logs: Any) -> float:
        p, q, gamma = np.exp(logs)
        return -float(log_likelihood(p, q, gamma, x, m / scale).mean())

    starts = [np.log([6.0, 3.5, 0.5]), np.log([1.5, 2.0, 1.0])]
    found = [
        minimize(cost, start, method="L-BFGS-B", bounds=[(-7, 9)] * 3, options={"ftol": 1e-13, "maxiter": 500})
        for start in starts
    ]
    best = min(found, key=lambda entry: float(entry.fun))
    p, q, gamma = (float(value) for value in np.exp(best.x))
    total = float(log_likelihood(p, q, gamma * scale, x, m).sum())
    spread = len(x) > 2 and x.std() > 0 and m.std() > 0
    together = float(np.corrcoef(x, m)[0, 1]) if spread else 0.0
    return Fit(p, q, gamma * scale, total, len(x), together)


def expected(found: Fit, x: Any, m: Any) -> Any:
    """Return the expected value of a purchase of each customer; without repeats that of the whole population.

    The population's mean p·gamma/(q−1) exists for q > 1 only; below, the customer's own mean is shrunk to gamma·p/q.
    """
    x, m = np.asarray(x, dtype=float), np.asarray(m, dtype=float)
    below = np.maximum(found.p * x + found.q - 1, 1e-3 + 0 * x) if found.q > 1 else found.p * x + found.q
    return found.p * (found.gamma + m * x) / below

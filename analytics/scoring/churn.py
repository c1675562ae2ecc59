"""Churn: the chance that a customer buys nothing within the coming window.

A logistic regression on point-in-time features: what was known at the beginning of the window, never what came after.
Its terms add up in log-odds, so that each customer's risk can be taken apart into reasons; on the public data we tried
its probabilities were as well calibrated as those of boosted trees after isotonic regression.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analytics.scoring.history import WEEK, Purchases, Summary, summarise

FEATURES = ("silence", "recent", "trend", "frequency", "value", "tenure")
LEAST_EACH = 50
"""So many who left and so many who stayed are needed, or there is nothing to learn from."""


@dataclass(frozen=True)
class Model:
    """Weights over standardised features, and how well they did on customers that were held out."""

    mean: list[float]
    scale: list[float]
    weights: list[float]
    intercept: float
    window: int
    metrics: dict[str, float]
    calibration: list[dict[str, float]] = field(default_factory=list)
    """Of the held-out customers, by tenths of chance: customers, promised and seen share of those who left."""


def features(seen: Summary) -> Any:
    """Return one row a customer, one column a feature."""
    silent = (seen.t - seen.t_x) * WEEK
    usual = np.where(seen.x > 0, seen.t_x * WEEK / np.maximum(seen.x, 1), seen.t * WEEK)
    return np.column_stack([
        np.log1p(silent) - np.log1p(np.maximum(usual, 1)),
        np.log1p(seen.recent),
        np.log1p(seen.recent) - np.log1p(seen.before),
        np.log1p(seen.orders / np.maximum(seen.t, 1)),
        np.log1p(np.maximum(seen.total, 0) / np.maximum(seen.orders, 1)),
        np.log1p(seen.t),
    ])  # fmt: skip


def examples(bought: Purchases, as_of: float, window: int) -> tuple[Any, Any]:
    """Return features as known `window` days ago, and who bought nothing since: 1 left, 0 stayed."""
    then = as_of - window
    past = bought.until(then)
    seen = summarise(past, then)
    came_back = np.unique(np.repeat(bought.customers, np.diff(bought.start))[bought.day >= then])
    left = ~np.isin(seen.customers, came_back)
    known = seen.t >= 4  # somebody who came less than four weeks before shows no habit yet
    return features(seen)[known], left[known].astype(int)


def train(bought: Purchases, as_of: float, window: int) -> Model | None:
    """Learn from what happened within the last window; None when there is not enough data."""
    rows, left = examples(bought, as_of, window)
    if left.sum() < LEAST_EACH or (1 - left).sum() < LEAST_EACH:
        return None
    # Two seconds and 100 MB that training alone needs, not every process that knows of scores.
    from sklearn.metrics import brier_score_loss, roc_auc_score
    from sklearn.model_selection import train_test_split

    learn, test, learn_y, test_y = train_test_split(rows, left, test_size=0.25, random_state=7, stratify=left)
    tried = _fit(learn, learn_y)
    chance = _chance(tried, test)
    base = float(learn_y.mean())
    metrics = {
        "auc": float(roc_auc_score(test_y, chance)),
        "brier": float(brier_score_loss(test_y, chance)),
        "brier_of_base_rate": float(np.mean((test_y - base) ** 2)),
        "calibration_error": calibration_error(test_y, chance),
        "base_rate": float(left.mean()),
        "customers": float(len(left)),
    }
    mean, scale, weights, intercept = _fit(rows, left)
    promised = calibration(test_y, chance).to_dict("records")
    return Model(mean.tolist(), scale.tolist(), weights.tolist(), intercept, window, metrics, promised)


def _fit(rows: Any, left: Any) -> tuple[Any, Any, Any, float]:
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    made = LogisticRegression(C=1.0, max_iter=500).fit((rows - mean) / scale, left)
    return mean, scale, made.coef_[0], float(made.intercept_[0])


def _chance(tried: tuple[Any, Any, Any, float], rows: Any) -> Any:
    mean, scale, weights, intercept = tried
    return 1 / (1 + np.exp(-(((rows - mean) / scale) @ weights + intercept)))


def calibration_error(left: Any, chance: Any, bins: int = 10) -> float:
    """Return the expected calibration error: how far promised and seen shares lie apart, over tenths of chance."""
    groups = calibration(left, chance, bins)
    return float(np.average((groups["promised"] - groups["seen"]).abs(), weights=groups["customers"]))


def calibration(left: Any, chance: Any, bins: int = 10) -> pd.DataFrame:
    """Return a row for each tenth of chance that holds somebody: customers, promised share, seen share."""
    place = np.minimum((np.asarray(chance) * bins).astype(int), bins - 1)
    groups = pd.DataFrame({"promised": chance, "seen": left}).groupby(place)
    return groups.agg(customers=("seen", "size"), promised=("promised", "mean"), seen=("seen", "mean"))


def predict(model: Model, seen: Summary) -> tuple[Any, Any]:
    """Return each customer's risk (0 to 1), and the effect of each feature in points (hundredths of the risk).

    An effect is what the risk would lose if that feature were as the average customer has it.
    """
    standard = (features(seen) - np.array(model.mean)) / np.array(model.scale)
    terms = standard * np.array(model.weights)
    odds = terms.sum(axis=1) + model.intercept
    risk = 1 / (1 + np.exp(-odds))
    without = 1 / (1 + np.exp(-(odds[:, None] - terms)))
    return risk, 100 * (risk[:, None] - without)

"""Fit the models once a run, and carry them as JSON to whoever scores a range."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings

from analytics.scoring import churn, gamma_gamma, lifetime_value, nbd, rfm
from analytics.scoring.history import summarise
from analytics.services.histories import day_of, key_range, purchases

SAMPLE = 20_000
"""Customers to learn from: parameters hardly move beyond it, and a worker's memory does not grow with the company."""
VERSION = "mbg+gg+logit/1"


def learn(as_of: datetime) -> dict[str, Any]:
    """Return fitted models and their metrics as JSON; a model without enough data is None."""
    first, last, count = key_range()
    bought = purchases(first, last, as_of, every=max(1, count // SAMPLE))
    today = day_of(as_of)
    if not len(bought.customers):
        return {"value": None, "churn": None, "rfm": None, "sample": 0}
    seen = summarise(bought, today)
    value = lifetime_value.train(seen)
    risk = churn.train(bought, today, settings.CHURN_WINDOW_DAYS)
    edges = {
        "recency": rfm.cuts((seen.t - seen.t_x) * 7),
        "frequency": rfm.cuts(seen.orders),
        "monetary": rfm.cuts(seen.total),
    }
    return {
        "value": {"purchases": asdict(value.purchases), "worth": asdict(value.worth)} if value else None,
        "churn": asdict(risk) if risk else None,
        "rfm": edges,
        "sample": len(bought.customers),
    }


def value_model(learnt: dict[str, Any]) -> lifetime_value.Model | None:
    """Return the lifetime-value model out of a run's JSON."""
    kept = learnt["value"]
    if kept is None:
        return None
    return lifetime_value.Model(nbd.Fit(**kept["purchases"]), gamma_gamma.Fit(**kept["worth"]))


def churn_model(learnt: dict[str, Any]) -> churn.Model | None:
    """Return the churn model out of a run's JSON."""
    return churn.Model(**learnt["churn"]) if learnt["churn"] else None

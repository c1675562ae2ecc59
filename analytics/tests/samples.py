"""A finished run."""

from types import SimpleNamespace
from typing import Any

from analytics.models import ScoreRun
from crm.lib.clock import now


def arguments(cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Make it."""
    run = ScoreRun.objects.create(
        as_of=now(), state="done", customers=1, at_risk=1, watch_list=[cast.elin.pk],
        parameters={"value": None, "churn": None, "rfm": None, "sample": 0},
        segments=[{"segment": "Champions", "customers": 3, "value": 300.0, "risk": None, "at_risk": 0}],
        deciles=[{"decile": n, "customers": 10, "value": 100.0 / n} for n in range(1, 11)],
    )  # fmt: skip
    return {"analytics:run": [run.pk], "analytics:why": [cast.elin.pk]}

"""Measurements of analytics: how long it takes to score everybody."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from analytics.models import ScoreRun
from analytics.scoring import churn, gamma_gamma, lifetime_value, nbd, rfm
from analytics.scoring.history import WEEK, Purchases, summarise
from analytics.services import scoring
from analytics.services.histories import day_of, key_range, purchases
from analytics.services.learning import SAMPLE
from crm.accounts.system import system_user
from crm.benching.figures import line
from crm.benching.filled import filled
from crm.benching.pages import Page
from crm.benching.processes import served, until
from crm.jobs.models import Job, JobState
from sales.models import OrderLine

CUSTOMERS = 100_000
MOST_SECONDS = 3600.0


def score_everybody() -> tuple[float, list[float]]:
    """Let a worker score everybody, as the nightly task does; returns seconds and the peak of each process, in MB."""
    with served("worker") as workers:
        began = time.perf_counter()
        job = scoring.start(actor=system_user())
        if not until(lambda: not Job.objects.get(pk=job.pk).is_live, MOST_SECONDS):
            raise CommandError("The scoring did not come to an end.")
        seconds = time.perf_counter() - began
        peaks = workers.peaks("worker")
    job.refresh_from_db()
    if job.state != JobState.DONE:
        raise CommandError(f"The scoring failed: {job.message}")
    return seconds, peaks


def _timed(parts: list[Callable[[], Any]]) -> float:
    began = time.perf_counter()
    for part in parts:
        part()
    return time.perf_counter() - began


def _models(sample: Purchases, everybody: Purchases, today: float) -> dict[str, list[Callable[[], Any]]]:
    """Return what each model does in a run: it learns from the sample, then it reckons for everybody."""
    learnt, seen = summarise(sample, today), summarise(everybody, today)
    value = lifetime_value.train(learnt)
    risk = churn.train(sample, today, settings.CHURN_WINDOW_DAYS)
    silence = (learnt.t - learnt.t_x) * WEEK

    def fifths() -> None:
        edges = {"recency": rfm.cuts(silence), "frequency": rfm.cuts(learnt.orders), "monetary": rfm.cuts(learnt.total)}
        rfm.score((seen.t - seen.t_x) * WEEK, seen.orders, seen.total, edges)

    return {
        "purchases: learn": [lambda: nbd.fit("mbg", learnt.x, learnt.t_x, learnt.t)],
        "worth: learn": [lambda: gamma_gamma.fit(learnt.x, learnt.m)],
        "lifetime value: reckon": [lambda: lifetime_value.predict(value, seen)] if value else [],
        "churn: learn": [lambda: churn.train(sample, today, settings.CHURN_WINDOW_DAYS)],
        "churn: reckon": [lambda: churn.predict(risk, seen)] if risk else [],
        "rfm": [fifths],
    }


def bench_score(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Score a filled database, then time each model by itself."""
    filled(options["size"] or CUSTOMERS, options["seed"], score=False)
    seconds, peaks = score_everybody()
    run = ScoreRun.objects.latest("pk")
    orders = OrderLine.objects.count()
    yield line("total", seconds, "s", run.customers, order_lines=orders, peak_mb=max(peaks), all_mb=sum(peaks))
    first, last, count = key_range()
    sample = purchases(first, last, run.as_of, every=max(1, count // SAMPLE))
    everybody = purchases(first, last, run.as_of)
    for name, parts in _models(sample, everybody, day_of(run.as_of)).items():
        yield line(name, _timed(parts), "s", len(everybody.customers))


PAGES = (Page("dashboard", ("/analytics/",)),)
BENCHES = {"score": bench_score}

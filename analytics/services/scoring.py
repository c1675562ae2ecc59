"""Score all customers: learn once, then range by range, on as many workers as there are.

The job makes the ranges and asks for help; each helper and the job itself claim ranges with SKIP LOCKED and score one
in one transaction. A worker killed anywhere leaves its range unclaimed; a job killed anywhere is started again by the
sweep and goes on with the ranges that are left. A score is one row a customer and kind, so nothing is there twice.
"""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from celery import current_app
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics.models import ScoreRange, ScoreRun
from analytics.scoring import churn, lifetime_value, rfm
from analytics.scoring.history import WEEK, Summary, summarise
from analytics.services import figures, tables, wording
from analytics.services.histories import day_of, key_range, purchases
from analytics.services.learning import VERSION, churn_model, learn, value_model
from crm.jobs import services as jobs
from crm.jobs.models import Job, JobState
from crm.lib.clock import now
from crm.lib.copy import copy_rows, temp_table

JOB = "analytics.score"
KEYS = 4_000
"""Keys a range: some two seconds of work, so that the progress moves and little is lost with a worker."""
HELPERS = 3
COLUMNS = [
    "customer_id",
    "kind",
    "value",
    "label",
    "percentile",
    "reasons",
    "state",
    "model_version",
    "as_of",
    "scored_at",
]


def start(*, actor: Any) -> Job:
    """Score everybody in the background; a run that is under way is not doubled but returned."""
    under_way = Job.objects.filter(kind=JOB, state__in=[JobState.QUEUED, JobState.RUNNING]).first()
    if under_way:
        return under_way
    return jobs.start(JOB, title=_("Scoring all customers"), owner=actor)


def run_here() -> ScoreRun:
    """Score everybody in this process, without a job and without workers; returns the finished run."""
    run_row = ScoreRun.objects.create(as_of=now())
    _learn(run_row)
    help_out(run_row.pk)
    finish(run_row)
    return run_row


@jobs.handler(JOB, queue="scoring")
def run(job: Job) -> None:
    """Learn, score the ranges, add up; every step is skipped when an earlier attempt has done it."""
    run_row = ScoreRun.objects.filter(job=job).first() or ScoreRun.objects.create(job=job, as_of=now())
    if run_row.state == "fitting":
        jobs.progress(job, message=_("Learning from purchases"))
        _learn(run_row)
    for _helper in range(HELPERS):
        current_app.send_task("analytics.tasks.help_scoring", args=[run_row.pk], queue="scoring", expires=60)
    total = run_row.ranges.count()
    while left := run_row.ranges.filter(done_at=None).count():
        jobs.progress(job, done=total - left, total=total, message=_("Scoring customers"))
        if not score_next(run_row.pk):
            time.sleep(0.2)  # the last ranges are with other workers
    finish(run_row)
    jobs.progress(job, done=total, total=total, message=_("%(n)s customers scored") % {"n": f"{run_row.customers:,}"})


@transaction.atomic
def _learn(run_row: ScoreRun) -> None:
    began = time.monotonic()
    run_row.parameters = learn(run_row.as_of)
    run_row.metrics = (run_row.parameters["churn"] or {}).get("metrics", {})
    run_row.seconds = {"learn": round(time.monotonic() - began, 2)}
    run_row.state = "scoring"
    run_row.save(update_fields=["parameters", "metrics", "seconds", "state"])
    first, last, _count = key_range()
    ScoreRange.objects.bulk_create(
        ScoreRange(run=run_row, first_id=low, last_id=low + KEYS - 1) for low in range(first, last + 1, KEYS)
    )


def score_next(run_id: int) -> bool:
    """Claim a range and score it; False when none is free."""
    with transaction.atomic():
        claimed = ScoreRange.objects.select_for_update(skip_locked=True).filter(run_id=run_id, done_at=None).first()
        if claimed is None:
            return False
        run_row = ScoreRun.objects.get(pk=run_id)
        claimed.customers = score_range(run_row.parameters, run_row.as_of, claimed.first_id, claimed.last_id)
        claimed.done_at = now()
        claimed.save(update_fields=["customers", "done_at"])
        return True


def help_out(run_id: int) -> None:
    """Score ranges until none is free: what a further worker does."""
    while score_next(run_id):
        pass


def score_range(learnt: dict[str, Any], as_of: datetime, first_id: int, last_id: int) -> int:
    """Score the customers of a key range and write their scores; returns how many have bought something."""
    bought = purchases(first_id, last_id, as_of)
    rows = _rows(learnt, as_of, summarise(bought, day_of(as_of))) if len(bought.customers) else iter(())
    temp_table("new_scores", _TEMP)
    at, scored = as_of.isoformat(), now().isoformat()
    copy_rows("new_scores", COLUMNS, ((*row, VERSION, at, scored) for row in rows))
    with connection.cursor() as cursor:
        nothing = json.dumps(wording.nothing(gettext_noop("Nothing was bought yet")))
        values: dict[str, Any] = {"first": first_id, "last": last_id, "at": as_of, "scored": scored, "reasons": nothing}
        cursor.execute(_NOT_YET, values)
        cursor.execute(_UPSERT)
        cursor.execute("DROP TABLE new_scores")
    return len(bought.customers)


_TEMP = """customer_id bigint, kind text, value float8, label text, percentile float8, reasons jsonb, state text,
    model_version text, as_of timestamptz, scored_at timestamptz"""
_NOT_YET = """
    INSERT INTO new_scores SELECT p.id, k.kind, NULL, '', NULL, %(reasons)s::jsonb, 'not_enough_data', '', %(at)s,
        %(scored)s FROM contacts_party p CROSS JOIN (VALUES ('lifetime_value'), ('churn')) AS k(kind)
    WHERE p.account_id IS NULL AND p.id BETWEEN %(first)s AND %(last)s
      AND NOT EXISTS (SELECT 1 FROM new_scores n WHERE n.customer_id = p.id)
"""
_UPSERT = """
    INSERT INTO contacts_score (customer_id, kind, value, label, percentile, reasons, state, model_version, as_of,
                                scored_at)
    SELECT customer_id, kind, value, label, percentile, reasons, state, model_version, as_of, scored_at
    FROM new_scores ORDER BY customer_id, kind
    ON CONFLICT (customer_id, kind) DO UPDATE SET value = excluded.value, label = excluded.label,
        reasons = excluded.reasons, state = excluded.state, model_version = excluded.model_version,
        as_of = excluded.as_of, scored_at = excluded.scored_at
"""


def _rows(learnt: dict[str, Any], as_of: datetime, seen: Summary) -> Iterator[tuple[Any, ...]]:
    """Yield customer, kind, value, label, percentile, reasons, state."""
    yield from _values(value_model(learnt), seen)
    yield from _risks(churn_model(learnt), seen)
    r, f, m = rfm.score((seen.t - seen.t_x) * WEEK, seen.orders, seen.total, learnt["rfm"])
    for pk, a, b, c in zip(seen.customers.tolist(), r.tolist(), f.tolist(), m.tolist(), strict=True):
        yield pk, "rfm", a * 100 + b * 10 + c, rfm.TABLE[a, b], None, json.dumps(wording.of_rfm(a, b, c)), "ok"


def _values(model: lifetime_value.Model | None, seen: Summary) -> Iterator[tuple[Any, ...]]:
    if model is None:
        why = json.dumps(wording.nothing(gettext_noop("Too few customers have bought again to learn from")))
        for pk in seen.customers.tolist():
            yield pk, "lifetime_value", None, "", None, why, "not_enough_data"
        return
    value, orders, worth, alive = (array.tolist() for array in lifetime_value.predict(model, seen))
    for place, pk in enumerate(seen.customers.tolist()):
        reasons = json.dumps(wording.of_value(orders[place], worth[place], alive[place]))
        yield pk, "lifetime_value", round(value[place], 2), "", None, reasons, "ok"


def _risks(model: churn.Model | None, seen: Summary) -> Iterator[tuple[Any, ...]]:
    if model is None:
        why = json.dumps(wording.nothing(gettext_noop("Too few customers have left or stayed to learn from")))
        for pk in seen.customers.tolist():
            yield pk, "churn", None, "", None, why, "not_enough_data"
        return
    risk, effects = churn.predict(model, seen)
    facts = _facts(seen)
    young = json.dumps(wording.nothing(gettext_noop("Customer for less than four weeks")))
    for place, pk in enumerate(seen.customers.tolist()):
        known = {name: values[place] for name, values in facts.items()}
        if known["age"] < 28:
            yield pk, "churn", None, "", None, young, "not_enough_data"
        else:
            reasons = json.dumps(wording.of_risk(effects[place], known))
            yield pk, "churn", round(float(risk[place]), 4), "", None, reasons, "ok"


def _facts(seen: Summary) -> dict[str, list[float]]:
    age = seen.t * WEEK
    return {
        "silent": ((seen.t - seen.t_x) * WEEK).tolist(),
        "usual": np.where(seen.x > 0, seen.t_x * WEEK / np.maximum(seen.x, 1), age).tolist(),
        "recent": seen.recent.tolist(),
        "before": seen.before.tolist(),
        "per_month": (seen.orders / np.maximum(age, 30) * 30).tolist(),
        "mean": (seen.total / np.maximum(seen.orders, 1)).tolist(),
        "age": age.tolist(),
    }


@transaction.atomic
def finish(run_row: ScoreRun) -> None:
    """Rank the values, cut them into tenths, and keep what the dashboard shows."""
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(_RANK)
        cursor.execute(_DECILES, [run_row.as_of, now()])
    customers = tables.scored()
    run_row.deciles, run_row.segments = tables.deciles(customers), tables.segments(customers)
    run_row.at_risk, run_row.watch_list = tables.watch_list(customers)
    run_row.customers = sum(run_row.ranges.values_list("customers", flat=True))
    figures.refresh_all()
    run_row.seconds["rank"] = round(time.monotonic() - began, 2)
    run_row.state, run_row.ended_at = "done", now()
    run_row.save()


_RANK = """
    UPDATE contacts_score s SET percentile = r.share FROM (
        SELECT id, percent_rank() OVER (ORDER BY value) AS share FROM contacts_score
        WHERE kind = 'lifetime_value' AND value IS NOT NULL) AS r
    WHERE s.id = r.id AND s.percentile IS DISTINCT FROM r.share
"""
_DECILES = """
    INSERT INTO contacts_score (customer_id, kind, value, label, percentile, reasons, state, model_version, as_of,
                                scored_at)
    SELECT customer_id, 'decile', ntile(10) OVER (ORDER BY value DESC, customer_id), '', NULL, '[]', 'ok',
           model_version, %s, %s
    FROM contacts_score WHERE kind = 'lifetime_value' AND value IS NOT NULL
    ON CONFLICT (customer_id, kind) DO UPDATE SET value = excluded.value, as_of = excluded.as_of,
        scored_at = excluded.scored_at WHERE contacts_score.value IS DISTINCT FROM excluded.value
"""


def rescore(customer_id: int) -> None:
    """Score one customer anew with the models of the last run: after an order, not only at night."""
    last = ScoreRun.objects.filter(state="done").first()
    if last is None:
        return
    with transaction.atomic():
        score_range(last.parameters, now(), customer_id, customer_id)

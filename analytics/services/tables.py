"""Tables over scored customers: what a run says of tenths, of segments, and of who may leave."""

import io
from typing import Any

import pandas as pd
from django.db import connection

AT_RISK = 0.5
WATCHED = 50
SCORED = """
    COPY (
      SELECT customer_id, max(value) FILTER (WHERE kind = 'lifetime_value') AS value,
             max(value) FILTER (WHERE kind = 'churn') AS churn, max(label) FILTER (WHERE kind = 'rfm') AS segment,
             max(value) FILTER (WHERE kind = 'decile') AS decile
      FROM contacts_score GROUP BY 1 ORDER BY 1
    ) TO STDOUT WITH (FORMAT csv, HEADER)
"""
KINDS = {"value": "float64", "churn": "float64", "segment": "category", "decile": "float64"}


def scored() -> pd.DataFrame:
    """Return one row a customer with scores, by key: value (money), churn (0 to 1), segment, decile; unknown is NaN."""
    text = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(SCORED, text)
    text.seek(0)
    return pd.read_csv(text, index_col="customer_id", dtype=KINDS)


def deciles(customers: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the tenths by value, the highest first: decile, customers, value."""
    tenths = customers.groupby("decile").agg(customers=("value", "size"), value=("value", "sum")).round(2)
    return [{"decile": int(decile), **row} for decile, row in zip(tenths.index, _rows(tenths), strict=True)]


def segments(customers: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the segments, the most valuable first: segment, customers, value, mean risk, how many are at risk."""
    risky = customers.assign(at_risk=customers["churn"] >= AT_RISK)
    table = risky.groupby("segment", observed=True).agg(
        customers=("value", "size"), value=("value", "sum"), risk=("churn", "mean"), at_risk=("at_risk", "sum")
    )
    table = table.round({"value": 2, "risk": 4}).sort_values("value", ascending=False, kind="stable")
    return _rows(table.reset_index())


def watch_list(customers: pd.DataFrame) -> tuple[int, list[int]]:
    """Return how many are at risk, and the keys of the most valuable of them; of equals the older customer first."""
    risky = customers[customers["churn"] >= AT_RISK].sort_values("value", ascending=False, kind="stable")
    return len(risky), risky.index[:WATCHED].tolist()


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as JSON takes them: Python's own numbers, and None for what is not known."""
    return table.astype(object).where(table.notna(), None).to_dict("records")

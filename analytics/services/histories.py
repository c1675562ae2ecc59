"""Purchases out of the database into arrays, by ranges of customers' keys."""

import io
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection

from analytics.scoring.history import Purchases


def purchases(first_id: int, last_id: int, as_of: datetime, *, every: int = 1) -> Purchases:
    """Return what customers of a key range bought before a moment, summed by day.

    `every` takes one customer in so many, always the same ones. Days are counted from 1 January 1970, UTC.
    """
    at = as_of.isoformat()
    query = f"""
        COPY (
          SELECT customer_id, (placed_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01' AS day, sum(total)
          FROM sales_order
          WHERE customer_id BETWEEN {int(first_id)} AND {int(last_id)}
            AND customer_id % {int(every)} = 0 AND placed_at < '{at}'
          GROUP BY 1, 2 ORDER BY 1, 2
        ) TO STDOUT WITH (FORMAT csv)
    """
    text = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(query, text)
    if not text.tell():
        nothing: Any = np.zeros(0)
        return Purchases.of(nothing, nothing, nothing)
    text.seek(0)
    rows = pd.read_csv(text, names=["customer", "day", "value"])
    return Purchases.of(rows["customer"].to_numpy(), rows["day"].to_numpy(), rows["value"].to_numpy())


def day_of(at: datetime) -> float:
    """Return a moment as days since 1970, with its fraction cut off: the models count whole days."""
    return float(int(at.timestamp() // 86400))


def key_range() -> tuple[int, int, int]:
    """Return the smallest and the largest key of customers, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM contacts_party WHERE account_id IS NULL"
        )
        first, last, count = cursor.fetchone()
    return first, last, count

"""Revenue by day, kept up as orders come in."""

from datetime import date
from typing import Any

from django.db import connection

REFRESH = """
    WITH gone AS (DELETE FROM analytics_revenueday WHERE {days})
    INSERT INTO analytics_revenueday (day, orders, total)
    SELECT (placed_at AT TIME ZONE 'UTC')::date AS day, count(*), sum(total) FROM sales_order
    WHERE {orders} GROUP BY 1
    ON CONFLICT (day) DO UPDATE SET orders = excluded.orders, total = excluded.total
"""


def refresh_all() -> None:
    """Add all days up anew."""
    _run("true", "true", [])


def refresh_days(first: date, last: date) -> None:
    """Add up the days from `first` to `last` (UTC), both included."""
    orders = "placed_at >= %s::date AT TIME ZONE 'UTC' AND placed_at < (%s::date + 1) AT TIME ZONE 'UTC'"
    _run("day BETWEEN %s AND %s", orders, [first, last, first, last])


def _run(days: str, orders: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REFRESH.format(days=days, orders=orders), values)

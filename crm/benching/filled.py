"""A company of a size, for measurements that need one."""

from django.db import connection

from crm.demo.filling import fill


def filled(size: int, seed: int, *, score: bool = True) -> None:
    """Fill the measurement's database, and let Postgres look at it as its housekeeping does over night."""
    fill(size, seed, score=score, say=lambda *_words: None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")

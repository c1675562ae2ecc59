"""Advisory locks held on the session: free the moment the process that held them is gone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

JOB, BEAT, SCORING, SENDING, DIALLER, ROUTING, EFFECT = 1001, 1002, 1003, 1004, 1005, 1006, 1007


@contextmanager
def advisory(class_id: int, key: int, *, wait: bool = False) -> Iterator[bool]:
    """Hold lock (class_id, key) inside the block; yields False when another session has it and `wait` is off."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [class_id, key])
            held = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [class_id, key])
            held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [class_id, key])


def is_free(class_id: int, key: int) -> bool:
    """Tell whether nobody holds the lock at this moment."""
    with advisory(class_id, key) as held:
        return held

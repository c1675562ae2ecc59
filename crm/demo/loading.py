"""Load an empty database fast: without foreign keys and secondary indexes, which are made again at the end.

All in one transaction: whoever kills the loading leaves the database as it was, indexes included. Making an index of
rows that are there sorts them once, and a foreign key made anew is checked by one join; kept up row by row the two take
most of the time. Unique constraints and the triggers of the change history stay in force throughout.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_FOREIGN_KEYS = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
    WHERE c.contype = 'f' AND c.conrelid = ANY(%s::regclass[]) ORDER BY 1, 2
"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique ORDER BY 1
"""
_EVENTS = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname = ANY(%s)
"""


@contextmanager
def bare_tables(*tables: str) -> Iterator[None]:
    """Take foreign keys and secondary indexes off these tables and their histories for the length of the block."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_EVENTS, [[*tables, *(f"{table}event" for table in tables)]])
        names = [row[0] for row in cursor.fetchall()]
        cursor.execute(_FOREIGN_KEYS, [names])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')

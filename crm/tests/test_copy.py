"""COPY takes what a person may type, and the clock can be set back."""

from datetime import UTC, datetime

from django.db import connection

from crm.lib.clock import as_of, now
from crm.lib.copy import copy_rows, temp_table


def test_every_character_comes_through_copy(db):
    rows = [
        ("plain", "Inês", None),
        ("tab\tinside", "line\nbreak\r", "back\\slash"),
        ("\\N", "", "\\."),
        (None, "\\N\tof two cells", None),
    ]
    temp_table("taken_in", "id serial, a text, b text, c text")
    assert copy_rows("taken_in", ["a", "b", "c"], rows) == len(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT a, b, c FROM taken_in ORDER BY id")
        assert cursor.fetchall() == rows


def test_the_clock_goes_back_for_a_block_only():
    then = datetime(2024, 2, 29, 12, tzinfo=UTC)
    with as_of(then):
        assert now() == then
        with as_of(then.replace(year=2020)):
            assert now().year == 2020
        assert now() == then
    assert now() > then

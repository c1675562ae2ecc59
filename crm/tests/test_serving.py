"""The server as it runs in production: one port, two halves, and an end that does not wait for open pages."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.urls import reverse
from granian.cli import cli

from crm import live
from crm.embedded import dev

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 60


@pytest.fixture
def web():
    """A real server on a port of its own, with the command of bin/dev."""
    port = dev._free_port()
    command = dev.commands(port, port)["web"]
    environment = {**os.environ, "PUBLIC_URL": f"http://127.0.0.1:{port}", "REDIS_URL": settings.REDIS_URL}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    process.url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + LIMIT
    while True:
        assert process.poll() is None, "the server ended at once"
        assert time.monotonic() < deadline, "the server did not start"
        try:
            requests.get(f"{process.url}/healthz", timeout=1)
            break
        except requests.ConnectionError:
            time.sleep(0.1)
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_bodies_arrive_whole(web):
    body = {"CallSid": "CA1", "Filler": "x" * 2_000_000}
    answer = requests.post(f"{web.url}/calls/hooks/voice/", data=body, timeout=20)
    assert (answer.status_code, answer.text) == (403, "The signature is not the carrier's.")


def test_a_stream_gets_its_messages_and_does_not_hold_up_the_end(web):
    assert requests.get(f"{web.url}/live/", params={"token": "forged"}, timeout=5).status_code == 403
    with requests.get(f"{web.url}/live/", params={"token": live.token(["user:7"])}, stream=True, timeout=20) as stream:
        lines = stream.iter_lines(chunk_size=1)
        assert next(lines) == b"retry: 2000"
        deadline = time.monotonic() + LIMIT
        while live._client().publish(live.PREFIX + "user:7", '{"name": "call-changed"}') < 1:
            assert time.monotonic() < deadline, "the server does not listen to Redis"
            time.sleep(0.05)
        assert next(line for line in lines if line.startswith(b"data:")) == b'data: {"name": "call-changed"}'
        began = time.monotonic()
        web.send_signal(signal.SIGTERM)
        assert list(lines) is not None  # the stream ends by itself
    assert web.wait(15) == 0
    assert time.monotonic() - began < 10


def test_the_container_starts_the_server_with_options_it_knows():
    words = json.loads(re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.M)[1])
    assert words[:2] == ["sh", "-c"]
    shown = subprocess.run(
        [*words[:2], words[2].replace("exec granian", "printf '%s\\n'")], capture_output=True, text=True
    )
    chosen = cli.make_context("granian", shown.stdout.split()).params
    assert (chosen["app"], chosen["workers"], chosen["port"]) == ("crm.asgi:application", 2, 8000)
    assert str(chosen["interface"]) in {"asgi", "Interfaces.ASGI"}


def test_every_queue_has_a_container_that_reads_it():
    read = re.findall(r" -Q (\S+) ", (ROOT / "docker-compose.yml").read_text())
    queues = {*dev.QUEUES.split(","), "telephony"}
    assert sorted(",".join(read).split(",")) == sorted(queues)
    named = set(re.findall(r'queue[":= ]+"(\w+)"', "".join(path.read_text() for path in ROOT.glob("[a-z]*/**/*.py"))))
    assert named <= queues


def test_the_simulator_in_a_container_knows_who_answers():
    text = (ROOT / "docker-compose.yml").read_text()
    assert re.findall(r"--(?:voice|status)-url=http://web:8000(\S+)", text) == [
        reverse("contactcentre:hook_voice"),
        reverse("contactcentre:hook_status"),
    ]

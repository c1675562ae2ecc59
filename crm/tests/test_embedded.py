"""Postgres and Redis out of wheels: they come up anywhere, beside each other, again after a kill, and leave."""

import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import psutil
import psycopg2
import pytest
from django.urls import reverse

from crm.embedded import Instance, dev, ensure

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def processes(instance: Instance) -> list[psutil.Process]:
    """Everything that still works for an instance: its servers name their folder or their sockets."""
    marks = (str(instance.root), str(instance.sockets))
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or [])
        if any(mark in words for mark in marks) and process.pid != os.getpid():
            found.append(process)
    return found


def wait_until(condition, limit=15.0):
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def ask(instance: Instance, sql: str) -> object:
    connection = psycopg2.connect(host=str(instance.sockets), user="postgres", dbname="rapport")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone() if cursor.description else None
    connection.close()
    return row[0] if row else None


@pytest.fixture
def instance(tmp_path):
    """An instance in a folder with a space, gone at the end."""
    made = Instance(tmp_path / "a folder" / "var", test=True)
    yield made
    for process in processes(made):
        process.kill()


def test_comes_up_in_a_folder_with_a_space_and_leaves_when_nobody_uses_it(instance):
    users = ensure(instance)
    assert ask(instance, "SELECT 41 + 1") == 42
    os.close(users)
    wait_until(lambda: not processes(instance))


def test_two_users_share_one_pair(instance):
    first, second = ensure(instance), ensure(instance)
    os.close(first)
    time.sleep(3)
    assert ask(instance, "SELECT 1") == 1
    os.close(second)


def test_two_folders_run_beside_each_other(instance, tmp_path):
    other = Instance(tmp_path / "other", test=True)
    handles = [ensure(instance), ensure(other)]
    ask(instance, "CREATE TABLE mine (x int)")
    assert ask(other, "SELECT to_regclass('mine')") is None
    for handle in handles:
        os.close(handle)
    wait_until(lambda: not processes(other))


def test_comes_back_with_its_data_after_kill_9_of_everything(tmp_path):
    durable = Instance(tmp_path / "var")
    users = ensure(durable)
    ask(durable, "CREATE TABLE kept (x int)")
    ask(durable, "INSERT INTO kept VALUES (7)")
    for process in processes(durable):
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: not processes(durable))
    os.close(users)
    users = ensure(durable)
    assert ask(durable, "SELECT x FROM kept") == 7
    os.close(users)
    wait_until(lambda: not processes(durable))


def test_killing_the_keeper_alone_leaves_no_server_behind(instance):
    users = ensure(instance)
    keeper = int((instance.root / "ready").read_text())
    os.kill(keeper, signal.SIGKILL)
    wait_until(lambda: not processes(instance))
    os.close(users)


def test_a_command_gets_the_addresses(instance):
    show = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])"]
    command = [sys.executable, "-m", "crm.embedded", "run", "--test", "--root", str(instance.root), "--", *show]
    bare = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
    ended = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == instance.urls.database


def test_outside_services_are_taken_as_they_are(instance):
    outside = {**os.environ, "DATABASE_URL": "postgres://elsewhere/x", "REDIS_URL": "redis://elsewhere/0"}
    show = [sys.executable, "-c", "import os; print(os.environ['DATABASE_URL'])"]
    command = [sys.executable, "-m", "crm.embedded", "run", "--test", "--root", str(instance.root), "--", *show]
    ended = subprocess.run(command, cwd=ROOT, env=outside, capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "postgres://elsewhere/x"
    assert not instance.root.exists()


def test_the_simulator_of_development_knows_who_answers(monkeypatch):
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    words = dev.commands(8123, 9123)["simulator"]
    addresses = dict(pairwise(words))
    assert addresses["--voice-url"] == "http://127.0.0.1:8123" + reverse("contactcentre:hook_voice")
    assert addresses["--status-url"] == "http://127.0.0.1:8123" + reverse("contactcentre:hook_status")

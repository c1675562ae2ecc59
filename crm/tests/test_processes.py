"""The processes that other tests stand on: they use this test's own database and queue, and die when told."""

import socket

import psutil
import pytest
import requests
from django.core.cache import cache

from crm.jobs import services as jobs
from crm.jobs.models import Job
from crm.jobs.tasks import CLOCK_KEY, WORKER_KEY

pytestmark = pytest.mark.slow


def test_the_processes_share_this_tests_database_and_queue(product, alice, client):
    assert requests.get(f"{product.url}/readyz", timeout=5).json()["postgres"]
    signs = [WORKER_KEY, CLOCK_KEY]
    product.wait_until(lambda: len(cache.get_many(signs)) == 2, 60, "worker and beat gave a sign of life")
    job = Job.objects.create(kind="nobody.knows", title="x", owner=alice, queue="default")
    jobs.wake(job)
    product.wait_until(lambda: Job.objects.get(pk=job.pk).state == "failed", 10, "the worker took the job")
    assert b" 413 " in announce(product.ports["web"], 2 * 1024**3), "two gigabytes are refused before they are sent"


def announce(port, size):
    """Begin an upload without sending any of it; returns the first line of the answer."""
    head = f"POST /contacts/import/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode())
        return line.recv(200).split(b"\r\n")[0]


def test_a_killed_worker_leaves_nothing_behind_and_can_be_started_again(background):
    pool = psutil.Process(background.children["worker"].pid).children(recursive=True)
    assert pool
    background.kill_worker()
    background.wait_until(lambda: not any(child.is_running() and child.status() != "zombie" for child in pool))
    background.start_worker()

"""Probes: the process lives, the product can work, and how it is doing; none of them asks for a host or a session."""

from datetime import timedelta

import pytest
from celery.signals import heartbeat_sent
from django.core.cache import cache
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from crm.events.models import Effect, OutboxEvent
from crm.jobs.models import Job
from crm.jobs.tasks import WORKER_KEY, heartbeat
from crm.lib.clock import now

NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def worker():
    """A worker has just given its sign of life."""
    heartbeat_sent.send(sender=None)


def test_the_process_lives_without_database(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_probe_comes_by_address_and_over_http(client, worker, settings):
    settings.ALLOWED_HOSTS = ["crm.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    for path in ("/healthz", "/readyz"):
        assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400


@pytest.mark.django_db
def test_ready_names_each_part(client, worker):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"postgres": "ok", "migrations": "ok", "redis": "ok", "worker": "ok"}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_without_a_worker(client):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "no worker has been seen: is one running?"


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(50, 200), (70, 503)])
def test_a_worker_is_missed_after_a_minute(client, seconds, status):
    cache.set(WORKER_KEY, (now() - timedelta(seconds=seconds)).timestamp())
    assert client.get("/readyz").status_code == status


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client, worker):
    missing, _by_app = MigrationRecorder(connection).migration_qs.filter(app="analytics").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert f"{missing} migrations are missing: run migrate" in answer.json()["migrations"]


@pytest.mark.django_db
def test_not_ready_without_redis_and_no_address_is_told(client, worker, settings):
    settings.REDIS_URL = NOWHERE
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["redis"] == "ConnectionError"
    assert "127.0.0.1" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_postgres(client, worker, monkeypatch):
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "postgres": "OperationalError", "migrations": "OperationalError", "redis": "ok", "worker": "ok",
    }  # fmt: skip
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_while_it_was_asked_is_no_error_of_the_program(client, worker):
    with transaction.atomic(), connection.cursor() as cursor:
        other = connection.copy()
        with other.cursor() as killer:
            cursor.execute("SELECT pg_backend_pid()")
            killer.execute("SELECT pg_terminate_backend(%s)", cursor.fetchone())
        other.close()
        assert client.get("/readyz").json()["postgres"] in {"OperationalError", "InterfaceError"}
        connection.close()


@pytest.mark.django_db
def test_figures_are_for_who_knows_the_token(client, worker, settings):
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 403
    OutboxEvent.objects.create(name="x", subject="x", payload={}, not_before=now())
    Effect.objects.create(kind="x", key="x", payload={}, not_before=now(), state="failed")
    Job.objects.create(kind="x", title="x")
    heartbeat()
    answer = client.get("/metrics", headers={"authorization": f"Bearer {settings.METRICS_TOKEN}"})
    figures = dict(line.split() for line in answer.content.decode().splitlines() if not line.startswith("#"))
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert (
        figures["rapport_events_pending"] == figures["rapport_effects_failed"] == figures["rapport_jobs_live"] == "1.0"
    )
    assert float(figures["rapport_worker_silence_seconds"]) < 5
    assert float(figures["rapport_clock_silence_seconds"]) < 5


@pytest.mark.django_db
def test_a_silence_without_end_is_a_figure_too(client, settings):
    answer = client.get("/metrics", headers={"authorization": f"Bearer {settings.METRICS_TOKEN}"})
    assert "rapport_worker_silence_seconds +Inf" in answer.content.decode()

"""What a load balancer and a monitor ask: is the process there, can it work, how is it doing."""

import hmac
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from crm.events.models import Effect, EffectState, OutboxEvent
from crm.jobs.models import Job
from crm.jobs.tasks import HEARTBEAT_KEY
from crm.lib.clock import now

WORKER_SILENCE = 60.0


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives."""
    return HttpResponse("ok\n", content_type="text/plain")


def _postgres() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} migrations are missing: run migrate" if missing else ""


def _redis() -> str:
    redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()
    return ""


def _worker() -> str:
    seen = cache.get(HEARTBEAT_KEY)
    if seen is None:
        return "no worker has been seen: are worker and beat running?"
    silence = now().timestamp() - seen
    return f"no worker for {silence:.0f} s" if silence > WORKER_SILENCE else ""


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when Postgres, Redis, the migrations and a worker are there, else 503 with what is missing."""
    checks: dict[str, str] = {}
    for name, check in {
        "postgres": _postgres,
        "migrations": _migrations,
        "redis": _redis,
        "worker": _worker,
    }.items():
        try:
            checks[name] = check() or "ok"
        except (DatabaseError, redis.RedisError, OSError) as error:
            checks[name] = f"{type(error).__name__}: {error}".strip()
    status = 200 if all(answer == "ok" for answer in checks.values()) else 503
    return JsonResponse(checks, status=status)


def _figures() -> dict[str, tuple[str, float]]:
    pending = OutboxEvent.objects.filter(delivered_at=None, gave_up_at=None)
    oldest: Any = pending.order_by("id").values_list("created_at", flat=True).first()
    effects = Effect.objects.filter(state__in=[EffectState.READY, EffectState.RUNNING])
    return {
        "rapport_events_pending": ("Events not delivered yet", pending.count()),
        "rapport_events_oldest_seconds": ("Age of the oldest", (now() - oldest).total_seconds() if oldest else 0),
        "rapport_events_given_up": ("Events given up", OutboxEvent.objects.exclude(gave_up_at=None).count()),
        "rapport_effects_pending": ("Effects not done yet", effects.count()),
        "rapport_effects_failed": ("Effects failed", Effect.objects.filter(state=EffectState.FAILED).count()),
        "rapport_jobs_live": ("Jobs waiting or running", Job.objects.filter(state__in=["queued", "running"]).count()),
    }


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus text to who knows the token (`Authorization: Bearer …`)."""
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponse("The token is missing or wrong.\n", status=403, content_type="text/plain")
    registry = CollectorRegistry()
    for name, (text, value) in _figures().items():
        Gauge(name, text, registry=registry).set(value)
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")

"""What a load balancer and a monitor ask: is the process there, can it work, how is it doing."""

import hmac
import logging
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from crm.events.models import Effect, EffectState, OutboxEvent
from crm.jobs.models import Job
from crm.jobs.tasks import CLOCK_KEY, WORKER_KEY
from crm.lib.clock import now

logger = logging.getLogger(__name__)
WORKER_SILENCE = 60.0
NEVER = float("inf")


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
    silence = _silence(WORKER_KEY)
    if silence is None:
        return "no worker has been seen: is one running?"
    return f"no worker for {silence:.0f} s" if silence > WORKER_SILENCE else ""


def _silence(key: str) -> float | None:
    """Return the seconds since a sign of life, None when there was none within ten minutes."""
    seen = cache.get(key)
    return None if seen is None else max(0.0, now().timestamp() - seen)


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
        except (Error, redis.RedisError, OSError) as error:
            # Anybody may ask: addresses and names of servers are for the log alone.
            logger.warning("Not ready, %s: %s", name, error)
            checks[name] = type(error).__name__
    status = 200 if all(answer == "ok" for answer in checks.values()) else 503
    return JsonResponse(checks, status=status)


def _figures() -> dict[str, tuple[str, float]]:
    pending = OutboxEvent.objects.filter(delivered_at=None, gave_up_at=None)
    oldest: Any = pending.order_by("id").values_list("created_at", flat=True).first()
    effects = Effect.objects.filter(state__in=[EffectState.READY, EffectState.RUNNING])
    worker, clock = _silence(WORKER_KEY), _silence(CLOCK_KEY)
    return {
        "rapport_events_pending": ("Events not delivered yet", pending.count()),
        "rapport_events_oldest_seconds": ("Age of the oldest", (now() - oldest).total_seconds() if oldest else 0),
        "rapport_events_given_up": ("Events given up", OutboxEvent.objects.exclude(gave_up_at=None).count()),
        "rapport_effects_pending": ("Effects not done yet", effects.count()),
        "rapport_effects_failed": ("Effects failed", Effect.objects.filter(state=EffectState.FAILED).count()),
        "rapport_jobs_live": ("Jobs waiting or running", Job.objects.filter(state__in=["queued", "running"]).count()),
        "rapport_worker_silence_seconds": ("Since a worker's sign of life", NEVER if worker is None else worker),
        "rapport_clock_silence_seconds": ("Since a task of beat was done", NEVER if clock is None else clock),
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


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}


class ProbeMiddleware:
    """Answer probes before anybody asks for their host or for https: they call a process by its bare address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or go on."""
        return PROBES.get(request.path, self.get_response)(request)

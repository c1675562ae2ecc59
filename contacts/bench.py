"""Measurements of customers: how fast files come in, how fast lists and records answer."""

import csv
import os
import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from contacts.models import Address, Import, Party
from contacts.services import importing
from crm.accounts.models import Role, User
from crm.benching.alone import alone
from crm.benching.figures import line
from crm.benching.pages import Page
from crm.jobs import services as jobs
from crm.jobs.models import Job

ROWS = 100_000
FIRST = ("Ada", "Bruno", "Chiara", "Dmitri", "Elin", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam")
LAST = (
    "Abbott",
    "Baker",
    "Castillo",
    "Dalgaard",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haas",
    "Ibsen",
    "Jansen",
    "Kowalski",
)
CITIES = (("Boston", "MA", "02108"), ("Denver", "CO", "80202"), ("Austin", "TX", "78701"), ("Portland", "OR", "97201"))


def write_table(name: str, header: list[str], rows: Iterable[Iterable[Any]]) -> str:
    """Write a file of comma-separated values into the measurement's folder; returns its path."""
    file = Path(os.environ["BENCH_FOLDER"]) / name
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(header)
        writer.writerows(rows)
    return str(file)


def people(count: int, seed: int) -> Iterator[tuple[Any, ...]]:
    """Yield rows of contacts as other systems export them."""
    dice = random.Random(seed)
    for n in range(count):
        first, last = dice.choice(FIRST), dice.choice(LAST)
        city, state, postal = dice.choice(CITIES)
        number = f"({dice.randrange(201, 990)}) 555-{n % 10_000:04d}"
        answer = "yes" if dice.random() < 0.7 else "no"
        street = f"{dice.randrange(1, 999)} Main St"
        yield f"C{n}", first, last, f"{first}.{last}.{n}@example.org", number, street, postal, city, state, "US", answer


HEADER = ["customer id", "first name", "last name", "e-mail", "phone", "street", "zip", "city", "state", "country",
          "newsletter"]  # fmt: skip


def take_in(kind: str, file: str) -> dict[str, Any]:
    """Upload a file and run its job as a worker does; returns the seconds of both and what became of the rows."""
    actor, _made = User.objects.get_or_create(
        email="bench@rapport.example", defaults={"role": Role.objects.get(key="admin")}
    )
    began = time.perf_counter()
    with open(file, "rb") as opened:
        given = UploadedFile(opened, name=Path(file).name, size=os.path.getsize(file))
        batch = importing.upload(actor=actor, kind=kind, file=given)
    uploaded = time.perf_counter()
    importing.choose_columns(batch, actor=actor, mapping=batch.mapping, policy="fill", proof="Form on the web site")
    job = importing.start(batch, actor=actor)
    jobs.run(job.pk)
    ended = time.perf_counter()
    batch, job = Import.objects.get(pk=batch.pk), Job.objects.get(pk=job.pk)
    assert (job.state, batch.created) == ("done", batch.total), f"{job.state}: {job.message}"
    return {"rows": batch.created, "upload": round(uploaded - began, 2), "seconds": round(ended - began, 2)}


def measured_import(name: str, kind: str, file: str) -> dict[str, Any]:
    """Return the line of one import: rows a second from the upload to the last row, and the peak of its process."""
    done = alone("contacts.bench:take_in", kind=kind, file=file)
    figures = {key: done[key] for key in ("seconds", "upload", "peak_mb")}
    return line(name, done["rows"] / done["seconds"], "rows/s", done["rows"], **figures)


def bench_import(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Take contacts in."""
    rows = options["size"] or ROWS
    file = write_table("contacts.csv", HEADER, people(rows, options["seed"]))
    yield measured_import("contacts", "contacts", file)


# --- pages ----------------------------------------------------------------------------------------------------------
BARE_PAGE = engines["django"].from_string(
    "<!doctype html><title>Bare</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)


def bare(request: HttpRequest) -> HttpResponse:
    """Answer the list's first fifty rows and columns as text: one query, one plain loop. The measure of the list."""
    rows = Party.objects.people().active().with_phone().with_scores("lifetime_value", "churn")
    cells = rows.order_by("sort_name", "pk").values_list(
        "name", "account__name", "first_phone", "score_lifetime_value", "score_churn",
        Concat("owner__first_name", Value(" "), "owner__last_name"), "last_touch_at",
    )  # fmt: skip
    return HttpResponse(BARE_PAGE.render({"rows": cells[:50]}, request))


def filtered() -> tuple[str, ...]:
    """Return lists under each filter, alone and together."""
    owner = Party.objects.exclude(owner=None).values_list("owner", flat=True).first()
    city = Address.objects.exclude(city="").values_list("city", flat=True).first() or ""
    asked = [{"value_from": 200}, {"risk_from": 50}, {"decile": 1}, {"owner": owner}, {"city": city},
             {"value_from": 20, "risk_from": 30, "owner": owner}]  # fmt: skip
    return tuple(f"/contacts/?{urlencode(query)}" for query in asked)


def searched() -> tuple[str, ...]:
    """Return searches by name, beginning of a name, both names, e-mail, telephone and number."""
    some = Party.objects.people().with_phone().with_email().exclude(first_phone=None).exclude(first_email=None)
    words: list[str] = []
    for party in some.order_by("pk")[:3]:
        words += [party.last_name, party.first_name[:3], party.name, party.first_email, party.first_phone]
    return tuple(f"/contacts/?{urlencode({'q': word})}" for word in words)


def records() -> tuple[str, ...]:
    """Return the pages of fifty customers, spread over all."""
    keys = list(Party.objects.people().order_by("pk").values_list("pk", flat=True))
    return tuple(f"/contacts/{key}/" for key in keys[:: max(1, len(keys) // 50)])


PAGES = (
    Page("bare", ("/bench/bare/",), busy=True),
    Page("list", ("/contacts/",), busy=True),
    Page("filtered", filtered),
    Page("deep page", ("/contacts/?page=500",)),
    Page("search", searched),
    Page("record", records),
)
URLS = (path("bench/bare/", bare),)
BENCHES = {"import": bench_import}

"""Files into rows: a kind declares its fields and how a batch is written; the rest is the same for all kinds.

A batch is planned (nothing written) and applied inside one transaction together with the checkpoint, so that a worker
killed anywhere goes on at the first line that is not in yet, and no line is taken twice.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from contacts.models import Import, RefusedRow
from crm.jobs import services as jobs
from crm.jobs.models import Job
from crm.lib import csvio
from crm.lib.ahead import ahead
from crm.lib.copy import copy_rows
from crm.lib.errors import DomainError

BATCH = 5_000
PREVIEW_ROWS = 2_000
JOB = "contacts.import"
Row = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class Field:
    """A field of the target: its aliases are guessed from the file's header."""

    key: str
    label: Any
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass
class Plan:
    """What a batch would do. `state` is the kind's own, handed from plan to apply."""

    created: int = 0
    updated: int = 0
    refused: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    samples: list[tuple[int, str, str]] = field(default_factory=list)
    state: Any = None

    def refuse(self, line: int, reason: Any, row: dict[str, str]) -> None:
        """List a row that is not taken in."""
        self.refused.append((line, str(reason), row))


@dataclass(frozen=True)
class ImportKind:
    """One kind of import. `read` makes of rows what `plan` gets; it may run in a thread and asks no database."""

    key: str
    label: Any
    fields: tuple[Field, ...]
    plan: Callable[[Import, Any], Plan]
    apply: Callable[[Import, Plan], None]
    finish: Callable[[Import], None] = lambda batch: None
    read: Callable[[list[Row]], Any] = lambda rows: rows


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Declare a kind of import."""
    _kinds[kind.key] = kind


def kinds() -> dict[str, ImportKind]:
    """Return the kinds by key."""
    return _kinds


def _plain(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def guess(kind: ImportKind, header: list[str]) -> dict[str, str]:
    """Return {column: field} for the columns whose names are known."""
    names = {
        _plain(alias): entry.key for entry in kind.fields for alias in (entry.key, str(entry.label), *entry.aliases)
    }
    found: dict[str, str] = {}
    for column in header:
        key = names.get(_plain(column))
        if key and key not in found.values():
            found[column] = key
    return found


@transaction.atomic
def upload(*, actor: Any, kind: str, file: UploadedFile) -> Import:
    """Keep an uploaded file after a look at it. Raises NotTabular with a sentence when it is no table."""
    dialect = csvio.sniff(file)  # type: ignore[arg-type]
    batch = Import(kind=kind, name=(file.name or "")[:200], owner=actor)
    batch.dialect = {"encoding": dialect.encoding, "delimiter": dialect.delimiter, "header": dialect.header}
    batch.mapping = guess(_kinds[kind], dialect.header)
    batch.total = sum(1 for _record in csvio.records(file, dialect))  # type: ignore[arg-type]
    if not batch.total:
        raise DomainError(_("There is a header, but no row below it."))
    file.seek(0)
    batch.file.save(f"{kind}.csv", file, save=False)
    batch.save(force_insert=True)
    return batch


def rows_of(batch: Import, after: int = 0) -> Iterator[Row]:
    """Yield (line, {field: text}) of the chosen columns, beyond a line."""
    dialect = csvio.Dialect(batch.dialect["encoding"], batch.dialect["delimiter"], batch.dialect["header"])
    chosen = [(place, key) for place, column in enumerate(dialect.header) if (key := batch.mapping.get(column))]
    width = len(dialect.header)
    with batch.file.open("rb") as file:
        for line, cells in csvio.records(file, dialect):
            if line > after:
                cells += [""] * (width - len(cells))
                yield line, {key: cells[place].strip() for place, key in chosen}


def choose_columns(batch: Import, *, actor: Any, mapping: dict[str, str], policy: str, proof: str = "") -> None:
    """Keep which column is what. Raises DomainError when a needed field has no column or two have one."""
    kind = _kinds[batch.kind]
    used = [key for key in mapping.values() if key]
    doubled = next((key for key in used if used.count(key) > 1), None)
    labels = {entry.key: str(entry.label) for entry in kind.fields}
    if doubled:
        raise DomainError(_("“%(field)s” has two columns. Choose one.") % {"field": labels[doubled]})
    missing = [str(entry.label) for entry in kind.fields if entry.required and entry.key not in used]
    if missing:
        raise DomainError(_("No column is chosen for: %(fields)s.") % {"fields": ", ".join(missing)})
    if batch.state not in {"uploaded", "mapped"}:
        raise DomainError(_("This import has begun already."))
    batch.mapping, batch.policy, batch.proof, batch.state = mapping, policy, proof, "mapped"
    batch.save(update_fields=["mapping", "policy", "proof", "state"])


def preview(batch: Import) -> tuple[Plan, int]:
    """Return what the first rows would do, and how many rows that were. Nothing is written."""
    kind, rows = _kinds[batch.kind], list(islice(rows_of(batch), PREVIEW_ROWS))
    return kind.plan(batch, kind.read(rows)), len(rows)


@transaction.atomic
def start(batch: Import, *, actor: Any) -> Job:
    """Let a worker take the file in. Raises DomainError when it was started before."""
    if not Import.objects.filter(pk=batch.pk, state="mapped").update(state="running"):
        raise DomainError(_("This import has begun already."))
    title = _("Importing %(name)s") % {"name": batch.name}
    batch.refresh_from_db()
    batch.job = jobs.start(JOB, title=title, owner=actor, payload={"import": batch.pk}, url=batch.get_absolute_url())
    batch.save(update_fields=["job"])
    return batch.job


@jobs.handler(JOB)
def run(job: Job) -> None:
    """Take the file in, batch by batch, from the checkpoint on."""
    batch = Import.objects.get(pk=job.payload["import"])
    if batch.state == "done":
        return  # the worker died between the end of the import and the end of its job
    kind = _kinds[batch.kind]
    for chunk, read in ahead(_chunks(kind, batch, after=job.checkpoint.get("line", 0))):
        with transaction.atomic():
            _take(kind, batch, len(chunk), read)
            jobs.progress(
                job, done=batch.seen, total=batch.total, checkpoint={"line": chunk[-1][0]}, message=_words(batch)
            )
    with transaction.atomic():
        kind.finish(batch)
        batch.state = "done"
        batch.save(update_fields=["state"])
        jobs.progress(job, done=batch.total, total=batch.total, message=_words(batch))


def _chunks(kind: ImportKind, batch: Import, after: int) -> Iterator[tuple[list[Row], Any]]:
    """Yield the rows beyond a line in batches, and what the kind reads out of them."""
    rows = rows_of(batch, after)
    while chunk := list(islice(rows, BATCH)):
        yield chunk, kind.read(chunk)


def _take(kind: ImportKind, batch: Import, count: int, read: Any) -> None:
    plan = kind.plan(batch, read)
    kind.apply(batch, plan)
    if plan.refused:
        lines = ((batch.pk, line, reason[:300], json.dumps(row)) for line, reason, row in plan.refused)
        copy_rows(RefusedRow._meta.db_table, ["batch_id", "line", "reason", "row"], lines)
    batch.seen += count
    batch.created += plan.created
    batch.updated += plan.updated
    batch.refused += len(plan.refused)
    batch.save(update_fields=["seen", "created", "updated", "refused"])


def _words(batch: Import) -> str:
    return _("%(new)s new, %(changed)s updated, %(refused)s refused") % {
        "new": f"{batch.created:,}", "changed": f"{batch.updated:,}", "refused": f"{batch.refused:,}",
    }  # fmt: skip

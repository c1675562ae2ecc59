"""Taking in a file, step by step."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contacts.forms import UploadForm
from contacts.models import Import
from contacts.services import importing
from contacts.views.lists import Echo
from crm.lib import csvio
from crm.lib.csvio import safe_cell
from crm.lib.errors import DomainError
from crm.ui.htmx import see_other
from crm.ui.tables import Column
from crm.ui.views import FormView, HouseView, ListView


class ImportListView(ListView):
    """What was taken in."""

    model = Import
    title = _("Imports")
    permission = "imports.view"
    create_url = "contacts:import"
    create_label = _("Import a file")
    searchable = False
    columns = (
        Column("name", _("File"), "name", kind="link", url=lambda batch: batch.get_absolute_url()),
        Column("kind", _("Kind"), lambda batch: importing.kinds()[batch.kind].label),
        Column(
            "state",
            _("State"),
            lambda batch: (batch.get_state_display(), "positive" if batch.state == "done" else ""),
            kind="status",
        ),
        Column("created", _("New"), "created", kind="number"),
        Column("updated", _("Updated"), "updated", kind="number"),
        Column("refused", _("Refused"), "refused", kind="number"),
        Column("at", _("When"), "created_at", kind="when", hide="phone"),
    )


class UploadView(FormView):
    """Step 1: the file."""

    permission = "imports.create"
    form_class = UploadForm
    template_name = "contacts/import_upload.html"
    title = _("Import a file")
    submit_label = _("Upload")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Say what is wrong with a file on the form itself."""
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(request, form, None, status=422)
        try:
            batch = importing.upload(actor=request.user, kind=form.cleaned_data["kind"], file=form.cleaned_data["file"])
        except DomainError as error:
            form.add_error("file", error.message)
            return self.show(request, form, None, status=422)
        return see_other(request, reverse("contacts:import_columns", args=[batch.pk]))


class StepView(HouseView):
    """A step about one import."""

    permission = "imports.create"

    def find(self, request: HttpRequest, pk: int) -> Import:
        """Return the import or 404."""
        return get_object_or_404(Import.objects.visible_to(request.user), pk=pk)


class ColumnsView(StepView):
    """Step 2: which column is what."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the columns with their first values and what was guessed."""
        batch = self.find(request, pk)
        return self._show(request, batch, batch.mapping)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep the choice and go on to the check."""
        batch = self.find(request, pk)
        names = batch.dialect["header"]
        known = {entry.key for entry in importing.kinds()[batch.kind].fields}
        mapping = {name: request.POST.get(f"column-{index}", "") for index, name in enumerate(names)}
        mapping = {name: key if key in known else "" for name, key in mapping.items()}
        policy = request.POST.get("policy", "fill")
        try:
            importing.choose_columns(
                batch, actor=request.user, mapping=mapping, proof=request.POST.get("proof", "")[:200],
                policy=policy if policy in {"fill", "overwrite", "skip"} else "fill",
            )  # fmt: skip
        except DomainError as error:
            return self._show(request, batch, mapping, error.message, 422)
        return see_other(request, reverse("contacts:import_check", args=[batch.pk]))

    def _show(
        self, request: HttpRequest, batch: Import, mapping: dict[str, str], error: str = "", status: int = 200
    ) -> HttpResponse:
        dialect = csvio.Dialect(batch.dialect["encoding"], batch.dialect["delimiter"], batch.dialect["header"])
        with batch.file.open("rb") as file:
            first = [cells for _line, cells in islice(csvio.rows(file, dialect), 3)]
        columns = [
            {
                "index": index,
                "name": name,
                "samples": [row.get(name, "")[:60] for row in first][:2],
                "field": mapping.get(name, ""),
            }
            for index, name in enumerate(batch.dialect["header"])
        ]
        context = {
            "batch": batch, "columns": columns, "kind": importing.kinds()[batch.kind], "error": error,
            "policies": [("fill", _("Fill empty fields")), ("overwrite", _("Overwrite")), ("skip", _("Skip the row"))],
        }  # fmt: skip
        return render(request, "contacts/import_columns.html", context, status=status)


class CheckView(StepView):
    """Step 3: what will happen. POST starts."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what the first rows would do."""
        batch = self.find(request, pk)
        plan, looked_at = importing.preview(batch)
        return render(request, "contacts/import_check.html", {"batch": batch, "plan": plan, "looked_at": looked_at})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Start the work."""
        job = importing.start(self.find(request, pk), actor=request.user)
        return see_other(request, reverse("jobs:progress", args=[job.pk]))


class ReportView(StepView):
    """Step 4: what happened."""

    permission = "imports.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the counts and the first refused rows."""
        batch = self.find(request, pk)
        refusals = batch.refusals.order_by("line")[:50]
        return render(request, "contacts/import_report.html", {"batch": batch, "refusals": refusals})


class RefusedFileView(StepView):
    """The refused rows as a file that can be mended and loaded again."""

    permission = "imports.view"

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Answer the file."""
        batch = self.find(request, pk)
        response = StreamingHttpResponse(self._lines(batch), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="refused.csv"'
        return response

    @staticmethod
    def _lines(batch: Import) -> Iterator[str]:
        writer = csv.writer(Echo())
        columns = [key for key in batch.mapping.values() if key]
        yield "﻿" + writer.writerow(["line", "reason", *columns])
        for refusal in batch.refusals.order_by("line").iterator(chunk_size=2000):
            yield writer.writerow(
                [refusal.line, *map(safe_cell, [refusal.reason, *(refusal.row.get(key, "") for key in columns)])]
            )

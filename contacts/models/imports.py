"""Files that are being taken in, and the rows that were refused."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.permissions import can
from crm.lib import history


class ImportQuerySet(models.QuerySet[Any]):
    """Imports."""

    def visible_to(self, user: Any) -> Self:
        """One's own; who manages imports sees everybody's."""
        return self.all() if can(user, "imports.manage") else self.filter(owner=user)


@history.track(exclude=["created", "updated", "refused", "seen"])
class Import(models.Model):
    """One uploaded file on its way: uploaded, columns mapped, running, done."""

    STATES = [
        ("uploaded", _("Uploaded")),
        ("mapped", _("Columns chosen")),
        ("running", _("Running")),
        ("done", _("Done")),
    ]
    kind = models.CharField(max_length=20)
    file = models.FileField(upload_to="imports/%Y/%m/")
    name = models.CharField(max_length=200)
    dialect = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    policy = models.CharField(max_length=10, default="fill")
    proof = models.CharField(_("proof of consent"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="uploaded")
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    total = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The step the import stands at."""
        step = {"uploaded": "import_columns", "mapped": "import_check"}.get(self.state, "import_report")
        return reverse(f"contacts:{step}", args=[self.pk])


class RefusedRow(models.Model):
    """A row that was not taken in, and why."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refusals")
    line = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    row = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["batch", "line"], name="refused_row")]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"

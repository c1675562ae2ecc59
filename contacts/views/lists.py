"""Lists of contacts and accounts."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _

from contacts.filters import PartyFilter
from contacts.models import Party
from crm.lib.csvio import safe_cell
from crm.ui.tables import Column
from crm.ui.views import ListView


def _mine(queryset: Any, user: Any) -> Any:
    return queryset.filter(owner=user)


def _team(queryset: Any, user: Any) -> Any:
    return queryset.filter(owner__team_id=user.team_id) if user.team_id else queryset.filter(owner=user)


class ContactListView(ListView):
    """Persons."""

    model = Party
    title = _("Contacts")
    permission = "contacts.view"
    default_sort = "name"
    filterset_class = PartyFilter
    create_url = "contacts:create"
    create_label = _("New contact")
    template_name = "contacts/list.html"
    nullable_sorts = ("last_touch_at", "score_lifetime_value", "score_churn")
    views = {
        "all": (_("All"), lambda queryset, user: queryset),
        "mine": (_("Mine"), _mine),
        "team": (_("My team"), _team),
    }
    columns = (
        Column("name", _("Name"), "name", sort="sort_name", kind="who", url=lambda party: f"/contacts/{party.pk}/"),
        Column("account", _("Account"), lambda party: party.account and party.account.name, hide="phone"),
        Column("phone", _("Telephone"), "first_phone", kind="phone"),
        Column("value", _("Lifetime value"), "score_lifetime_value", sort="score_lifetime_value", kind="money"),
        Column("risk", _("Churn risk"), "score_churn", sort="score_churn", kind="risk"),
        Column("owner", _("Owner"), lambda party: party.owner and party.owner.name, hide="narrow"),
        Column("last", _("Last contact"), "last_touch_at", sort="last_touch_at", kind="date", hide="narrow"),
    )

    def base(self, request: HttpRequest) -> Any:
        """Visible active persons; scores are joined only where the order needs them."""
        queryset = super().base(request).people().active()
        sort = self.sort(request).lstrip("-")
        kinds = {"value": "lifetime_value", "risk": "churn"}
        return queryset.with_scores(kinds[sort]) if sort in kinds else queryset

    def rows(self, queryset: Any) -> Any:
        """Add what the cells show, for the rows of this page alone."""
        return queryset.select_related("account", "owner").with_phone().with_scores("lifetime_value", "churn")


class AccountListView(ContactListView):
    """Firms."""

    title = _("Accounts")
    create_url = "contacts:create_account"
    create_label = _("New account")

    def base(self, request: HttpRequest) -> Any:
        """Visible active firms."""
        queryset = ListView.base(self, request).organisations().active()
        sort = self.sort(request).lstrip("-")
        kinds = {"value": "lifetime_value", "risk": "churn"}
        return queryset.with_scores(kinds[sort]) if sort in kinds else queryset


class Echo:
    """A file that hands back what is written, for streaming."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


class ExportView(ContactListView):
    """The present list as CSV, streamed row by row, safe to open in a spreadsheet."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:  # type: ignore[override]
        """Answer the file."""
        queryset, _filterset = self.narrowed(request)
        rows = (
            self.ordered(queryset, self.sort(request)).with_phone().with_email().with_scores("lifetime_value", "churn")
        )
        response = StreamingHttpResponse(self._lines(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="contacts.csv"'
        return response

    @staticmethod
    def _lines(rows: Any) -> Iterator[str]:
        writer = csv.writer(Echo())
        columns = (
            "name",
            "first_name",
            "last_name",
            "external_id",
            "first_email",
            "first_phone",
            "score_lifetime_value",
            "score_churn",
        )
        yield "﻿" + writer.writerow(columns)
        for row in rows.values_list(*columns).iterator(chunk_size=2000):
            yield writer.writerow([safe_cell(cell) for cell in row])

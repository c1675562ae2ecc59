"""The list: saved views, search, filters, order, pages; htmx fetches only the results."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from crm.ui import tables
from crm.ui.filters import HouseFilterSet
from crm.ui.htmx import is_htmx
from crm.ui.views.base import HouseView

MANY = 1_000
COUNT_SECONDS = 30
FILTERS = "filters"
OWN = {"q", "view", "sort", "page", FILTERS}
"""Parameters of every list; any other is a filter."""


@dataclass(frozen=True)
class Page:
    """One page of a list."""

    number: int
    pages: int
    count: int
    first: int
    last: int

    @property
    def near(self) -> list[int]:
        """Return the page numbers to offer."""
        wanted = {1, self.pages, self.number - 1, self.number, self.number + 1}
        return sorted(number for number in wanted if 1 <= number <= self.pages)


def count_of(queryset: QuerySet[Any]) -> int:
    """Return how many rows there are; a large number may be half a minute old.

    Counting a hundred thousand rows takes longer than all the rest of a page. The rows themselves are always fresh,
    and a small number is counted each time.
    """
    try:
        asked = repr(queryset.order_by().query.sql_with_params())
    except EmptyResultSet:
        return 0
    key = f"count:{hashlib.sha256(asked.encode()).hexdigest()}"
    kept: int | None = cache.get(key)
    if kept is None:
        kept = queryset.count()
        if kept >= MANY:
            cache.set(key, kept, COUNT_SECONDS)
    return kept


def _filtered(request: HttpRequest) -> bool:
    return any(text for key, text in request.GET.items() if key not in OWN)


class ListView(HouseView):
    """A list of a model's visible rows."""

    model: Any = None
    columns: Sequence[tables.Column] = ()
    filterset_class: type[HouseFilterSet] | None = None
    default_sort = ""
    views: ClassVar[dict[str, tuple[Any, Callable[[Any, Any], Any]]]] = {}
    page_size = 50
    create_url = ""
    create_label: Any = ""
    create_permission = ""
    searchable = True
    template_name = "generic/list.html"
    extra: ClassVar[dict[str, Any]] = {}

    def base(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the visible rows before search, view and filters."""
        rows: QuerySet[Any] = self.model.objects.visible_to(request.user)
        return rows

    def rows(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Add what the cells need: related rows, annotations."""
        return queryset

    def narrowed(self, request: HttpRequest) -> tuple[QuerySet[Any], Any]:
        """Return the rows asked for and the filter set."""
        queryset = self.base(request)
        view = self.views.get(request.GET.get("view", ""))
        if view:
            queryset = view[1](queryset, request.user)
        query = request.GET.get("q", "").replace("\0", "").strip()[:200]
        if query and self.searchable:
            queryset = queryset.search(query)
        filterset = None
        if self.filterset_class and _filtered(request):
            filterset = self.filterset_class(request.GET, queryset=queryset, request=request)
            queryset = filterset.qs if filterset.is_valid() else queryset.none()
        return queryset, filterset

    def filter_form(self, request: HttpRequest) -> Any:
        """Return the filters as a form. Pages leave it out until somebody opens it: it is a fifth of their cost."""
        if self.filterset_class is None:
            raise Http404
        return self.filterset_class(request.GET, queryset=self.model._default_manager.none(), request=request).form

    def sort(self, request: HttpRequest) -> str:
        """Return the order asked for, or the list's own."""
        asked = request.GET.get("sort", "")
        known = {column.key for column in self.columns if column.sort}
        return asked if asked.lstrip("-") in known else self.default_sort

    def ordered(self, queryset: QuerySet[Any], sort: str) -> QuerySet[Any]:
        """Order by a column, rows without a value last, the key as the last word."""
        field = next((column.sort for column in self.columns if column.key == sort.lstrip("-")), "")
        if not field:
            return queryset.order_by("-pk")
        down = sort.startswith("-")
        nullable = field in getattr(self, "nullable_sorts", ())
        if not nullable:
            return queryset.order_by(f"-{field}" if down else field, "-pk" if down else "pk")
        order = F(field).desc(nulls_last=True) if down else F(field).asc(nulls_last=True)
        return queryset.order_by(order, "pk")

    def page(self, request: HttpRequest, count: int) -> Page:
        """Return the page asked for, or the nearest there is."""
        pages = max(1, -(-count // self.page_size))
        asked = request.GET.get("page", "1")
        number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        first = (number - 1) * self.page_size
        return Page(number, pages, count, min(first + 1, count), min(first + self.page_size, count))

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the page, or only its results for htmx. Keys first, then their rows: deep pages stay cheap."""
        part = is_htmx(request) and not request.htmx.boosted
        if part and FILTERS in request.GET:
            return render(request, "generic/list.html#filters", {"filter_form": self.filter_form(request)})
        queryset, filterset = self.narrowed(request)
        sort = self.sort(request)
        page = self.page(request, count_of(queryset))
        start = (page.number - 1) * self.page_size
        keys = list(self.ordered(queryset, sort).values_list("pk", flat=True)[start : start + self.page_size])
        found = {obj.pk: obj for obj in self.rows(self.model._default_manager.filter(pk__in=keys))}
        objects = [found[key] for key in keys if key in found]
        context = {
            "title": self.title,
            "heads": tables.heads(self.columns, sort),
            "body": tables.body(self.columns, objects),
            "page": page,
            **self._filters(request, filterset),
            "query": self._query(request),
            "sort": sort,
            "tabs": self._tabs(request),
            "view": self,
            "q": request.GET.get("q", ""),
            **self.extra,
        }
        if part:
            # A page that extends the list has no partials of its own: the part is always the list's.
            return render(request, "generic/list.html#results", context)
        return render(request, self.template_name, context)

    def _filters(self, request: HttpRequest, filterset: Any) -> dict[str, Any]:
        """Return the filters that are set, and their form where it has to be seen at once."""
        opened = self.filterset_class and (FILTERS in request.GET or (filterset and not filterset.is_valid()))
        return {
            "filterset": filterset,
            "filter_form": self.filter_form(request) if opened else None,
            "kept": [(key, text) for key, text in request.GET.items() if text and key not in OWN],
        }

    @staticmethod
    def _query(request: HttpRequest) -> str:
        """Return the address's query without page and order, ready to be added to."""
        rest = request.GET.copy()
        for key in ("page", "sort", FILTERS):
            rest.pop(key, None)
        text = rest.urlencode()
        return f"{text}&" if text else ""

    def _tabs(self, request: HttpRequest) -> list[dict[str, Any]]:
        here = request.GET.get("view", "")
        first = next(iter(self.views), "")
        return [
            {"key": key, "label": label, "here": key == (here if here in self.views else first)}
            for key, (label, _narrow) in self.views.items()
        ]

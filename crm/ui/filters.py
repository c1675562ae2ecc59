"""Filters of lists: django-filter's sets, shown as chips."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters

from crm.ui.forms import HouseForm, HouseHelper


class FilterForm(HouseForm):
    """The form of a filter set: nothing is saved, so nothing stops it."""

    @cached_property
    def helper(self) -> HouseHelper:
        """Return the fields without a heading over their errors."""
        made = HouseHelper(*self.fields)
        made.form_error_title = ""
        return made


class HouseFilterSet(django_filters.FilterSet):
    """A filter set whose set filters are shown as chips, each with a way to take it away."""

    def get_form_class(self) -> type[FilterForm]:
        """Return the filters as a form of the house."""
        return type("FilterForm", (FilterForm,), {name: one.field for name, one in self.filters.items()})

    def chips(self) -> list[dict[str, str]]:
        """Return label, value and the address without it, for each filter that is set."""
        if not self.form.is_bound or not self.form.is_valid():
            return []
        made = []
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if value in (None, "", []) or (hasattr(value, "exists") and not value):
                continue
            rest = [(key, text) for key, texts in self.data.lists() for text in texts if key not in {name, "page"}]
            made.append(
                {"label": str(field.label or name), "value": _words(field, value), "url": "?" + urlencode(rest)}
            )
        return made


def _words(field: Any, value: Any) -> str:
    if hasattr(value, "pk"):
        return str(field.label_from_instance(value))
    choices = {str(key): str(label) for key, label in getattr(field, "choices", [])}
    return choices.get(str(value), str(value))

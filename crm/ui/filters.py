"""Filters of lists: django-filter's sets, shown as chips."""

from typing import Any
from urllib.parse import urlencode

import django_filters

from crm.ui.forms import dress


class HouseFilterSet(django_filters.FilterSet):
    """A filter set whose set filters are shown as chips, each with a way to take it away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self.form)

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
    choices = {str(key): str(label) for key, label in getattr(field, "choices", [])}
    return choices.get(str(getattr(value, "pk", value)), str(value))

"""House forms: rendered by crispy, so that label, hint, error and input are tied together everywhere alike.

A page brings the form element, the token and the buttons; `{% crispy form %}` brings errors and fields. A long form
names its parts in `helper = HouseHelper(Fieldset(…), …)`; without it, its fields stand in their order.
"""

from functools import cached_property
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _


class HouseHelper(FormHelper):
    """How forms are rendered: parts of the layout, then the fields that no part names."""

    form_tag = False
    disable_csrf = True
    include_media = False
    render_unmentioned_fields = True
    form_error_title = _("This stops it from being saved")

    def __init__(self, *parts: Any, label_class: str = "") -> None:
        super().__init__()
        self.layout = Layout(*parts)
        self.label_class = label_class


def pair(*parts: Any) -> Div:
    """Return two fields side by side."""
    return Div(*parts, css_class="pair")


class House:
    """What the forms of the house share."""

    use_required_attribute = False

    @cached_property
    def helper(self) -> FormHelper:
        """Return the layout of a form that names none: one field under the other."""
        return HouseHelper(*self.fields)  # type: ignore[attr-defined]


class HouseForm(House, forms.Form):
    """A form that is not about one row."""


class HouseModelForm(House, forms.ModelForm):
    """A form over a model; what it means to save is a service's business."""


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO dates."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of a moment; the person's zone is the active one."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)

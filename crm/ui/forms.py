"""House forms: Bootstrap's classes on the widgets, errors tied to their fields, one look."""

from typing import Any

from django import forms

CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.SelectMultiple, "form-select"),
    (forms.Textarea, "form-control"),
    (forms.widgets.Input, "form-control"),
]


def dress(form: forms.BaseForm) -> None:
    """Give each widget its class."""
    for field in form.fields.values():
        for kind, css in CLASSES:
            if isinstance(field.widget, kind):
                field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} {css}".strip()
                break


def mark(form: forms.BaseForm) -> None:
    """Show on the widgets which fields are wrong."""
    for name in form.errors:
        if name in form.fields:
            attrs = form.fields[name].widget.attrs
            attrs["class"] = f"{attrs.get('class', '')} is-invalid".strip()


class HouseForm(forms.Form):
    """A form that is not about one row."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def full_clean(self) -> None:
        """Validate, then mark what is wrong."""
        super().full_clean()
        if self.is_bound:
            mark(self)


class HouseModelForm(forms.ModelForm):
    """A form over a model; what it means to save is a service's business."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)

    def full_clean(self) -> None:
        """Validate, then mark what is wrong."""
        super().full_clean()
        if self.is_bound:
            mark(self)


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

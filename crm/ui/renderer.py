"""Draws the frequent widgets of forms without templates: of 600 time zones each would be an include of its own."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

INPUTS = ("text", "number", "email", "password", "hidden", "date", "datetime", "checkbox")


class HouseRenderer(TemplatesSetting):
    """Django's renderer with a shorter way for inputs and selects; the HTML is the same."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """Draw the widget, or leave it to its template."""
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    attrs = _attributes(widget["attrs"])
    return mark_safe(f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{attrs}>')


def _select(widget: dict[str, Any]) -> SafeString:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{conditional_escape(group)}">')
        parts += [
            f'<option value="{conditional_escape(option["value"])}"{_attributes(option["attrs"])}>'
            f"{conditional_escape(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("</optgroup>")
    return mark_safe("".join(parts) + "</select>")


DRAWN = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
    "django/forms/widgets/select.html": _select,
}

"""The record: head, vitals, facts, feed, lazy panels, changes; and the forms that make and change it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from crm.accounts.permissions import can
from crm.lib import registry
from crm.ui.htmx import is_htmx, see_other
from crm.ui.views.base import HouseView, absolute


class RecordView(HouseView):
    """One visible row with what the rooms have to say about it."""

    model: Any = None
    template_name = ""
    record_kind = ""
    context_name = "object"

    def queryset(self, request: HttpRequest) -> Any:
        """Return the rows this person may open."""
        return self.model.objects.visible_to(request.user)

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Add what the page shows beyond the parts every record has."""
        return {}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the page; outside what the person may see it is a 404."""
        obj = get_object_or_404(self.queryset(request), pk=pk)
        label = self.model._meta.label_lower
        context = {
            self.context_name: obj,
            "object": obj,
            "vitals": vitals_of(self.record_kind, request.user, obj),
            "panels": [
                {"key": panel.key, "title": panel.title, "url": reverse(panel.url_name, args=[obj.pk])}
                for panel in registry.panels(self.record_kind)
                if not panel.permission or can(request.user, panel.permission)
            ],
            "history_url": reverse("ui:history", args=[label, obj.pk]),
            "may_edit": can(request.user, self.permission.replace(".view", ".edit")),
            **self.context(request, obj),
        }
        return render(request, self.template_name, context)


def vitals_of(kind: str, user: Any, obj: Any) -> list[tuple[Any, registry.Vital]]:
    """Return label and figure of each vital a room has for this record."""
    made = ((source.label, source.make(user, obj)) for source in registry.vitals(kind))
    return [(label, vital) for label, vital in made if vital]


class FormView(HouseView):
    """A form that a service carries out: 422 with everything still there when it is wrong."""

    form_class: Any = None
    template_name = "generic/form.html"
    submit_label: Any = ""
    model: Any = None

    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the row the form is about, or None."""
        return None

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what the form's constructor gets besides the data."""
        return {}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Any:
        """Call the service; returns the object whose page comes next, or an address."""
        raise NotImplementedError

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Add to the page's context."""
        return {}

    def show(self, request: HttpRequest, form: Any, obj: Any, status: int = 200) -> HttpResponse:
        """Render the form, as a page or as the fragment htmx asked for."""
        context = {
            "form": form,
            "object": obj,
            "title": self.title,
            "submit_label": self.submit_label,
            "cancel_url": absolute(obj) if obj else request.GET.get("next", ""),
            **self.context(request, obj),
        }
        # A page that extends the form has no partials of its own: the part is always the form's.
        name = "generic/form.html#form" if is_htmx(request) else self.template_name
        return render(request, name, context, status=status)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the empty or filled form."""
        obj = self.find(request, **kwargs)
        return self.show(request, self.form_class(**self.form_kwargs(request, obj)), obj)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Validate, perform, go on."""
        obj = self.find(request, **kwargs)
        form = self.form_class(request.POST, request.FILES or None, **self.form_kwargs(request, obj))
        if not form.is_valid():
            return self.show(request, form, obj, status=422)
        made = self.perform(form, request, obj)
        return see_other(request, made if isinstance(made, str) else absolute(made))


class CreateView(FormView):
    """Make something new."""


class EditView(FormView):
    """Change one row the person may edit; `instance` goes to the form."""

    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the editable row or 404."""
        return get_object_or_404(self.model.objects.editable_by(request.user), pk=kwargs["pk"])

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Fill the form from the row."""
        return {"instance": obj}


class ConfirmView(HouseView):
    """A dialog that says what will happen, and one verb. GET is the dialog, POST does it."""

    model: Any = None
    template_name = "generic/confirm.html"
    form_class: Any = None
    verb: Any = ""
    danger = False

    def find(self, request: HttpRequest, pk: int) -> Any:
        """Return the editable row or 404."""
        return get_object_or_404(self.model.objects.editable_by(request.user), pk=pk)

    def initial(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what the dialog's form begins with."""
        return {}

    def consequences(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Return sentences: what happens when the verb is chosen."""
        return []

    def perform(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Call the service; returns the object whose page comes next, or an address."""
        raise NotImplementedError

    def show(self, request: HttpRequest, obj: Any, form: Any, status: int = 200) -> HttpResponse:
        """Render the dialog, or a page with it when there is no script."""
        context = {
            "object": obj,
            "form": form,
            "title": self.title,
            "verb": self.verb,
            "danger": self.danger,
            "consequences": self.consequences(request, obj),
            "cancel_url": absolute(obj),
        }
        name = f"{self.template_name}#dialog" if is_htmx(request) else self.template_name
        return render(request, name, context, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the question."""
        obj = self.find(request, pk)
        form = self.form_class(initial=self.initial(request, obj)) if self.form_class else None
        return self.show(request, obj, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        obj = self.find(request, pk)
        form = self.form_class(request.POST) if self.form_class else None
        if form is not None and not form.is_valid():
            return self.show(request, obj, form, status=422)
        made = self.perform(request, obj, form)
        return see_other(request, made if isinstance(made, str) else absolute(made))

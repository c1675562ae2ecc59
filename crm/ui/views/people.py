"""Profile, people, roles: the settings that are about persons."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import Kind, Permission, Role, Scope, User, Verb
from crm.accounts.permissions import can
from crm.accounts.services import people, roles
from crm.ui import tables
from crm.ui.people_forms import InviteForm, JoinForm, PersonForm, ProfileForm
from crm.ui.views.base import HouseView
from crm.ui.views.records import FormView


class ProfileView(FormView):
    """One's own zone, language, look and keys, with the doors to password, second factor and sessions."""

    form_class = ProfileForm
    template_name = "ui/profile.html"
    title = gettext_lazy("Profile")

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """It is always about the person who asks."""
        return {"instance": request.user}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> str:
        """Save what was set."""
        form.instance.save(update_fields=form.Meta.fields)
        messages.success(request, _("Saved."))
        return reverse("accounts:profile")


class PeopleView(HouseView):
    """Everybody who works here."""

    permission = "settings.view"
    columns = (
        tables.Column(
            "name",
            gettext_lazy("Name"),
            "name",
            kind="who",
            url=lambda user: reverse("accounts:person", args=[user.pk]),
        ),
        tables.Column("email", gettext_lazy("E-mail"), "email"),
        tables.Column("role", gettext_lazy("Role"), lambda user: user.role and user.role.name),
        tables.Column("team", gettext_lazy("Team"), lambda user: user.team and user.team.name, hide="phone"),
        tables.Column("state", gettext_lazy("State"), lambda user: _state(user), kind="status"),
    )

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them all: companies have hundreds, not thousands."""
        users = User.objects.filter(is_system=False).select_related("role", "team")
        context = {
            "title": _("People"),
            "heads": tables.heads(self.columns, ""),
            "body": tables.body(self.columns, users),
        }
        return render(request, "ui/people.html", context)


def _state(user: User) -> tuple[str, str]:
    if not user.is_active:
        return _("Left"), "none"
    return (_("Active"), "positive") if user.has_usable_password() else (_("Invited"), "warning")


class InviteView(FormView):
    """Invite a colleague by e-mail."""

    permission = "settings.edit"
    form_class = InviteForm
    title = gettext_lazy("Invite a colleague")
    submit_label = gettext_lazy("Send the invitation")

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> str:
        """Send it."""
        user = people.invite(actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(email)s gets an invitation.") % {"email": user.email})
        return reverse("accounts:people")


class PersonView(FormView):
    """Change a colleague's role, team, or let them go."""

    permission = "settings.edit"
    form_class = PersonForm
    title = gettext_lazy("Colleague")

    def find(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Return the colleague or 404."""
        self.title = (found := get_object_or_404(User, pk=kwargs["pk"], is_system=False)).name
        return found

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """A person has no page of their own: the list is where one came from."""
        return {"object": None, "cancel_url": reverse("accounts:people")}

    def show(self, request: HttpRequest, form: Any, obj: Any, status: int = 200) -> HttpResponse:
        """Leave the object out: it has no page."""
        return super().show(request, form, None, status)

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """A copy, so that the service sees what was before."""
        return {"instance": User.objects.get(pk=obj.pk)}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> str:
        """Save it."""
        people.change(obj, actor=request.user, **form.cleaned_data)
        return reverse("accounts:people")


class RolesView(HouseView):
    """The table role × kind × verb, and how far each reaches."""

    permission = "settings.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one role's table."""
        all_roles = list(Role.objects.all())
        role = next((one for one in all_roles if one.key == request.GET.get("role")), all_roles[0])
        cells = {(cell.kind, cell.action): cell.scope for cell in Permission.objects.filter(role=role)}
        rows = [(kind, [(verb, cells.get((kind.value, verb.value), Scope.NONE)) for verb in Verb]) for kind in Kind]
        context = {"roles": all_roles, "role": role, "rows": rows, "verbs": list(Verb), "scopes": list(Scope)}
        return render(request, "ui/roles.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set one cell."""
        if not can(request.user, "settings.edit"):
            raise Http404
        role = get_object_or_404(Role, key=request.POST.get("role", ""))
        kind, verb, scope = (request.POST.get(name, "") for name in ("kind", "verb", "scope"))
        if kind not in Kind.values or verb not in Verb.values or scope not in Scope.values:
            raise Http404
        roles.set_scope(actor=request.user, role=role, kind=kind, action=verb, scope=scope)
        return HttpResponseRedirect(f"{reverse('accounts:roles')}?role={role.key}", status=303)


def join(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Let an invited colleague set name and password."""
    user = people.user_of_link(uid, token)
    if user is None:
        return render(
            request, "422.html", {"message": _("This invitation is used or too old. Ask for another.")}, status=404
        )
    form = JoinForm(request.POST or None, user=user, initial={"first_name": user.first_name})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        people.join(user, password=values["password"], first_name=values["first_name"], last_name=values["last_name"])
        messages.success(request, _("Welcome. Sign in with your new password."))
        return HttpResponseRedirect(reverse("account_login"), status=303)
    return render(request, "ui/join.html", {"form": form, "invited": user}, status=422 if form.is_bound else 200)

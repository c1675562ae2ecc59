"""The table role × kind × verb, asked. A user's own cells are read once a request and kept on the user object."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from crm.accounts.models import Kind, Permission, Scope, User, Verb

KINDS = tuple(Kind.values)
ACTIONS = tuple(Verb.values)


def _cells(user: Any) -> dict[str, str]:
    """Return {"contacts.view": "team", …} for a user."""
    cells: dict[str, str] | None = getattr(user, "_permission_cells", None)
    if cells is None:
        rows = Permission.objects.filter(role_id=user.role_id).values_list("kind", "action", "scope")
        cells = {f"{kind}.{action}": scope for kind, action, scope in rows}
        user._permission_cells = cells
    return cells


def scope(user: Any, kind: str, action: str) -> Scope:
    """Return how far the user reaches."""
    if not getattr(user, "is_active", False):
        return Scope.NONE
    if user.is_superuser or user.is_system:
        return Scope.ALL
    return Scope(_cells(user).get(f"{kind}.{action}", Scope.NONE))


def can(user: Any, permission: str) -> bool:
    """Tell whether the user may do this to any record at all: `can(user, "sales.edit")`."""
    kind, _, action = permission.partition(".")
    if kind not in KINDS or action not in ACTIONS:
        raise ValueError(f"There is no permission {permission!r}.")
    return scope(user, kind, action) != Scope.NONE


def owner_ids(user: Any, kind: str, action: str) -> set[int] | None:
    """Return the ids of the users whose records this user reaches; None means everybody's and nobody's."""
    reach = scope(user, kind, action)
    if reach == Scope.ALL:
        return None
    if reach == Scope.NONE:
        return set()
    if reach == Scope.OWN or user.team_id is None:
        return {user.pk}
    return _member_ids(user, below=reach == Scope.BELOW)


def _member_ids(user: Any, *, below: bool) -> set[int]:
    key = "_ids_below" if below else "_ids_team"
    ids: set[int] | None = getattr(user, key, None)
    if ids is None:
        members = User.objects.filter(team__path__startswith=user.team.path) if below else None
        rows = members if members is not None else User.objects.filter(team_id=user.team_id)
        ids = {user.pk, *rows.values_list("pk", flat=True)}
        setattr(user, key, ids)
    return ids


def permission_required(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Guard a view: sign-in first, then the role; without the right the 403 page says who can help."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not can(request.user, permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the test that walks every URL
        return guarded

    return decorate

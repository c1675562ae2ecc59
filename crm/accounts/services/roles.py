"""Roles as they come, and changes to their table."""

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Kind, Permission, Role, Scope, Team, User, Verb
from crm.lib.errors import DomainError

# How far each role reaches out of the box: kind → (see, create, change, delete, use, manage).
N, O, T, B, A = Scope.NONE, Scope.OWN, Scope.TEAM, Scope.BELOW, Scope.ALL  # noqa: E741  (a table of one letter each)
TABLE: dict[str, dict[Kind, tuple[Scope, Scope, Scope, Scope, Scope, Scope]]] = {
    "rep": {
        Kind.CONTACTS: (B, A, B, N, A, N),
        Kind.SALES: (B, A, B, N, A, N),
        Kind.SERVICE: (T, A, T, N, A, N),
        Kind.CAMPAIGNS: (B, N, N, N, A, N),
        Kind.CALLS: (O, A, O, N, A, N),
        Kind.ANALYTICS: (O, N, N, N, A, N),
        Kind.IMPORTS: (O, A, O, N, A, N),
    },
    "agent": {
        Kind.CONTACTS: (A, A, A, N, A, N),
        Kind.SALES: (A, A, O, N, A, N),
        Kind.SERVICE: (A, A, A, N, A, N),
        Kind.CAMPAIGNS: (A, N, N, N, A, N),
        Kind.CALLS: (O, A, O, N, A, N),
        Kind.ANALYTICS: (O, N, N, N, A, N),
    },
    "supervisor": {
        Kind.CONTACTS: (A, A, A, N, A, N),
        Kind.SALES: (A, A, B, N, A, N),
        Kind.SERVICE: (A, A, A, A, A, A),
        Kind.CAMPAIGNS: (A, A, B, N, A, N),
        Kind.CALLS: (A, A, A, N, A, A),
        Kind.ANALYTICS: (A, N, N, N, A, N),
        Kind.IMPORTS: (B, A, B, N, A, N),
    },
    "manager": {
        Kind.CONTACTS: (A, A, A, A, A, A),
        Kind.SALES: (A, A, A, A, A, A),
        Kind.SERVICE: (A, A, A, A, A, A),
        Kind.CAMPAIGNS: (A, A, A, A, A, A),
        Kind.CALLS: (A, A, A, N, A, A),
        Kind.ANALYTICS: (A, A, A, N, A, A),
        Kind.IMPORTS: (A, A, A, N, A, A),
        Kind.SETTINGS: (A, N, N, N, N, N),
    },
    "admin": dict.fromkeys(Kind, (A, A, A, A, A, A)),
}
NAMES = {
    "rep": "Sales rep",
    "agent": "Agent",
    "supervisor": "Supervisor",
    "manager": "Manager",
    "admin": "Administrator",
}


def ensure_defaults() -> None:
    """Make the five roles and their table where a role does not exist yet; never changes what somebody set."""
    known = set(Role.objects.values_list("key", flat=True))
    for position, (key, table) in enumerate(TABLE.items()):
        if key in known:
            continue
        role = Role.objects.create(key=key, name=NAMES[key], position=position)
        Permission.objects.bulk_create(
            Permission(role=role, kind=kind, action=verb, scope=scopes[index])
            for kind, scopes in table.items()
            for index, verb in enumerate(Verb)
            if scopes[index] != Scope.NONE
        )


@transaction.atomic
def set_scope(role: Role, *, actor: User, kind: str, action: str, scope: str) -> None:
    """Set one cell of the table. The administrator's reach over settings cannot be taken away."""
    if role.key == "admin" and kind == Kind.SETTINGS and scope != Scope.ALL:
        raise DomainError(_("Administrators keep the settings: somebody must be able to give rights back."))
    Permission.objects.update_or_create(role=role, kind=kind, action=action, defaults={"scope": Scope(scope)})


@transaction.atomic
def make_team(*, actor: User | None, name: str, parent: Team | None = None) -> Team:
    """Add a team to the tree."""
    team = Team.objects.create(name=name, parent=parent, path="")
    team.path = f"{parent.path if parent else ''}{team.pk}."
    team.save(update_fields=["path"])
    return team


@transaction.atomic
def move_team(team: Team, *, actor: User, parent: Team | None) -> Team:
    """Hang a team, with everything below it, under another. Raises DomainError for a circle."""
    if parent and parent.path.startswith(team.path):
        raise DomainError(_("A team cannot stand below itself."))
    old, new = team.path, f"{parent.path if parent else ''}{team.pk}."
    for below in Team.objects.select_for_update().filter(path__startswith=old):
        below.path = new + below.path[len(old) :]
        below.save(update_fields=["path"])
    team.refresh_from_db()
    team.parent = parent
    team.save(update_fields=["parent"])
    return team

"""The people who work at the demo company, in a tree of teams."""

from django.conf import settings
from django.contrib.auth.hashers import make_password

from contactcentre.services.setup import make_agent
from crm.accounts.models import Role, Team, User
from crm.accounts.services import roles

TEAMS = [
    ("Company", ""),
    ("Sales", "Company"),
    ("Sales North", "Sales"),
    ("Sales South", "Sales"),
    ("Contact Centre", "Company"),
    ("Evening Shift", "Contact Centre"),
]
STAFF = [
    ("admin", "Ada", "Root", "admin", "Company"),
    ("maya", "Maya", "Lindqvist", "manager", "Company"),
    ("sam", "Sam", "Okafor", "supervisor", "Contact Centre"),
    ("ravi", "Ravi", "Menon", "rep", "Sales North"),
    ("ines", "Inês", "Duarte", "rep", "Sales North"),
    ("tom", "Tom", "Becker", "rep", "Sales North"),
    ("grace", "Grace", "Kimani", "rep", "Sales South"),
    ("pavel", "Pavel", "Novák", "rep", "Sales South"),
    ("lucia", "Lucía", "Romero", "rep", "Sales South"),
    ("hanna", "Hanna", "Weiss", "agent", "Contact Centre"),
    ("noah", "Noah", "Clarke", "agent", "Contact Centre"),
    ("yuki", "Yuki", "Tanaka", "agent", "Contact Centre"),
    ("omar", "Omar", "Haddad", "agent", "Evening Shift"),
    ("lena", "Lena", "Fischer", "agent", "Evening Shift"),
]
SKILLS = {"noah": ("Sales",), "yuki": ("Service",), "omar": ("Service",)}


def hire() -> dict[str, User]:
    """Make teams and people, who all sign in with DEMO_PASSWORD; returns the people by first part of the address."""
    teams: dict[str, Team] = {team.name: team for team in Team.objects.all()}
    for name, parent in TEAMS:
        if name not in teams:
            teams[name] = roles.make_team(actor=None, name=name, parent=teams.get(parent))
    known = {role.key: role for role in Role.objects.all()}
    # Hashing a password is slow on purpose: once for all, as they share it.
    password = make_password(settings.DEMO_PASSWORD)
    people = {}
    for key, first, last, role, team in STAFF:
        values = {
            "first_name": first, "last_name": last, "role": known[role], "team": teams[team], "password": password,
            "time_zone": settings.DEFAULT_USER_TIME_ZONE, "is_staff": role == "admin", "is_superuser": role == "admin",
        }  # fmt: skip
        people[key] = User.objects.get_or_create(email=f"{key}@rapport.example", defaults=values)[0]
        if role == "agent":
            make_agent(people[key], *SKILLS.get(key, ()))
    return people


def reps(people: dict[str, User]) -> list[User]:
    """Return those who sell: they own the customers."""
    return [person for person in people.values() if person.role and person.role.key == "rep"]

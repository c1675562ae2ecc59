"""Users, the tree of teams, roles, and the table that says how far a role reaches."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.lib import history


class Scope(models.TextChoices):
    """How far a permission reaches, from nothing to everything."""

    NONE = "none", _("nothing")
    OWN = "own", _("own")
    TEAM = "team", _("own team")
    BELOW = "below", _("own team and below")
    ALL = "all", _("everything")


class Kind(models.TextChoices):
    """The kinds of records that permissions are given for."""

    CONTACTS = "contacts", _("Contacts and accounts")
    SALES = "sales", _("Opportunities, orders, products")
    SERVICE = "service", _("Tickets")
    CAMPAIGNS = "campaigns", _("Segments and campaigns")
    CALLS = "calls", _("Calls")
    ANALYTICS = "analytics", _("Scores and dashboards")
    IMPORTS = "imports", _("Imports and exports")
    SETTINGS = "settings", _("Settings, people and roles")


class Verb(models.TextChoices):
    """What a permission allows."""

    VIEW = "view", _("see")
    CREATE = "create", _("create")
    EDIT = "edit", _("change")
    DELETE = "delete", _("delete")
    USE = "use", _("use")
    MANAGE = "manage", _("manage")


@history.track()
class Team(models.Model):
    """A node of the tree of teams. `path` holds the ids from the root down, each followed by a point: “1.4.”."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """Steps below the root."""
        return max(self.path.count(".") - 1, 0)


@history.track()
class Role(models.Model):
    """A named set of permissions."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


@history.track()
class Permission(models.Model):
    """One cell of the table role × kind × verb."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    action = models.CharField(max_length=10, choices=Verb.choices)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.NONE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "kind", "action"], name="permission_once")]

    def __str__(self) -> str:
        return f"{self.role}: {self.get_action_display()} {self.get_kind_display()} ({self.get_scope_display()})"


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an active user; without a password nobody can sign in as them until they set one."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user who may do everything."""
        fields.update(is_staff=True, is_superuser=True)
        fields.setdefault("role", Role.objects.filter(key="admin").first())
        return self.create_user(email, password, **fields)


@history.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works here."""

    THEMES = [("auto", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]
    DENSITIES = [("comfortable", _("Comfortable")), ("compact", _("Compact"))]

    email = models.EmailField(_("e-mail address"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    theme = models.CharField(_("theme"), max_length=10, choices=THEMES, default="auto")
    density = models.CharField(_("density"), max_length=12, choices=DENSITIES, default="comfortable")
    keys_enabled = models.BooleanField(_("single-letter keys"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_system = models.BooleanField(default=False, editable=False)
    invited_at = models.DateTimeField(null=True, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        ordering = ("first_name", "last_name")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or the address while there is none."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def initials(self) -> str:
        """One or two letters for the round face."""
        letters = [part[0] for part in (self.first_name, self.last_name) if part] or [self.email[0]]
        return "".join(letters).upper()

    @property
    def hue(self) -> int:
        """One of the twelve hues of faces, always the same for a person."""
        return (self.pk or 0) % 12

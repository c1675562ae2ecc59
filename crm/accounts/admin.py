"""Users, teams and roles in the admin; the history is read-only beside them."""

from typing import Any

from allauth.usersessions.admin import UserSessionAdmin
from django import forms
from django.contrib import admin
from django.http import HttpRequest

from crm.accounts.models import Permission, Role, Team, User
from crm.accounts.services import roles

# The library searches sessions by a username, which our users have not.
UserSessionAdmin.search_fields = ("user__email", "ip")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Colleagues; passwords are set by their owners alone."""

    list_display = ("email", "first_name", "last_name", "role", "team", "is_active", "last_login")
    list_filter = ("role", "team", "is_active")
    search_fields = ("email", "first_name", "last_name")
    fields = (
        ("email", "is_active", "is_staff"),
        ("first_name", "last_name"),
        ("role", "team"),
        ("time_zone", "language", "theme", "density", "keys_enabled"),
        ("last_login", "date_joined", "invited_at"),
    )
    readonly_fields = ("last_login", "date_joined", "invited_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody is deleted: their work stays signed. Take the tick from “active” instead."""
        return False


class TeamForm(forms.ModelForm):
    """Name and place in the tree."""

    class Meta:
        model = Team
        fields = ("name", "parent")


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """The tree of teams, kept by the same services as everywhere."""

    form = TeamForm
    list_display = ("name", "parent", "path")
    search_fields = ("name",)

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        """Save through the services, which keep the paths."""
        if not change:
            made = roles.make_team(actor=None, name=obj.name, parent=obj.parent)
            obj.pk, obj.path = made.pk, made.path
            return
        parent = obj.parent
        obj.refresh_from_db(fields=["parent", "path"])
        obj.save(update_fields=["name"])
        roles.move_team(obj, actor=request.user, parent=parent)  # type: ignore[arg-type]


class PermissionInline(admin.TabularInline):
    """The cells of a role."""

    model = Permission
    extra = 0


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    """Roles with their permission table."""

    list_display = ("name", "key", "description")
    search_fields = ("name", "key")
    inlines = (PermissionInline,)


@admin.register(Permission)
class PermissionAdmin(admin.ModelAdmin):
    """All cells in one list."""

    list_display = ("role", "kind", "action", "scope")
    list_filter = ("role", "kind", "action", "scope")
    search_fields = ("role__name",)

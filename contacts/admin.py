"""Customers in the admin: searchable, filtered, history recorded by the database."""

from django.contrib import admin

from contacts.models import Account, Address, Consent, Contact, Email, Import, Phone, Score, Tag, Task, Touchpoint
from contacts.services import directory
from crm.events.admin import ReadOnly


class PhoneInline(admin.TabularInline):
    """Numbers."""

    model = Phone
    extra = 0


class EmailInline(admin.TabularInline):
    """Addresses."""

    model = Email
    extra = 0
    exclude = ("address_lower",)


class AddressInline(admin.TabularInline):
    """Postal addresses."""

    model = Address
    extra = 0


class PartyAdmin(admin.ModelAdmin):
    """Persons and firms: the names follow the same rule as everywhere."""

    list_display = ("name", "owner", "source", "created_at", "archived_at")
    list_filter = ("source", "owner")
    search_fields = ("name", "external_id")
    raw_id_fields = ("account",)
    inlines = (PhoneInline, EmailInline, AddressInline)
    exclude = ("sort_name", "kind", "last_touch_at")
    show_full_result_count = False

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        """Keep name and sort name true."""
        if obj.is_person and (obj.first_name or obj.last_name):
            obj.name = f"{obj.first_name} {obj.last_name}".strip()
        obj.sort_name = directory.sort_name_of(obj)
        super().save_model(request, obj, form, change)


@admin.register(Contact)
class ContactAdmin(PartyAdmin):
    """Persons."""


@admin.register(Account)
class AccountAdmin(PartyAdmin):
    """Firms."""

    def save_model(self, request, obj, form, change):  # type: ignore[no-untyped-def]
        """A firm stays one."""
        obj.kind = "organisation"
        super().save_model(request, obj, form, change)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    """Tags."""

    search_fields = ("name",)


@admin.register(Task)
class TaskAdmin(admin.ModelAdmin):
    """Tasks."""

    list_display = ("subject", "owner", "due_at", "done_at")
    list_filter = ("owner",)
    search_fields = ("subject",)
    raw_id_fields = ("customer", "contact")


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    """The ledger is written by its service alone."""

    list_display = ("party", "channel", "purpose", "granted", "at")
    list_filter = ("channel", "purpose", "granted")
    search_fields = ("party__name",)


@admin.register(Touchpoint)
class TouchpointAdmin(ReadOnly):
    """The timeline."""

    list_display = ("at", "customer", "kind", "summary")
    list_filter = ("kind", "channel")
    search_fields = ("summary",)
    show_full_result_count = False


@admin.register(Score)
class ScoreAdmin(ReadOnly):
    """Scores."""

    list_display = ("customer", "kind", "value", "label", "state", "scored_at")
    list_filter = ("kind", "state")
    search_fields = ("customer__name",)
    show_full_result_count = False


@admin.register(Import)
class ImportAdmin(ReadOnly):
    """Imports."""

    list_display = ("name", "kind", "state", "created", "updated", "refused", "owner")
    list_filter = ("kind", "state")
    search_fields = ("name",)

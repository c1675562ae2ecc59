"""Sales in the admin."""

from django.contrib import admin

from crm.events.admin import ReadOnly
from sales.models import LostReason, Opportunity, Order, OrderLine, Pipeline, Product, Stage, StageChange


class StageInline(admin.TabularInline):
    """Stages."""

    model = Stage
    extra = 0


@admin.register(Pipeline)
class PipelineAdmin(admin.ModelAdmin):
    """Pipelines with their stages."""

    list_display = ("name", "position")
    search_fields = ("name",)
    inlines = (StageInline,)


@admin.register(LostReason)
class LostReasonAdmin(admin.ModelAdmin):
    """Reasons."""

    list_display = ("name", "position")
    search_fields = ("name",)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """Products."""

    list_display = ("name", "sku", "department", "price", "is_active")
    list_filter = ("is_active", "department")
    search_fields = ("name", "sku")


@admin.register(Opportunity)
class OpportunityAdmin(ReadOnly):
    """Opportunities are moved and closed by their service, which writes the timeline."""

    list_display = ("name", "customer", "stage", "status", "value", "owner")
    list_filter = ("status", "stage")
    search_fields = ("name",)


class LineInline(admin.TabularInline):
    """Lines."""

    model = OrderLine
    extra = 0
    can_delete = False
    raw_id_fields = ("product",)


@admin.register(Order)
class OrderAdmin(ReadOnly):
    """Orders."""

    list_display = ("number", "customer", "placed_at", "total", "source")
    list_filter = ("source",)
    search_fields = ("number",)
    show_full_result_count = False
    inlines = (LineInline,)


@admin.register(StageChange)
class StageChangeAdmin(ReadOnly):
    """Steps."""

    list_display = ("opportunity", "from_stage", "to_stage", "status", "at", "actor")
    list_filter = ("status",)
    search_fields = ("opportunity__name",)

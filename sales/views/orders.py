"""Orders and products."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Party
from crm.ui.tables import Column
from crm.ui.views import CreateView, EditView, HouseView, ListView, RecordView
from sales.filters import OrderFilter, ProductFilter
from sales.forms import OrderForm, ProductForm, party_words
from sales.models import Order, Product
from sales.services import ordering


class OrderListView(ListView):
    """All orders."""

    permission = "sales.view"
    title = gettext_lazy("Orders")
    model = Order
    filterset_class = OrderFilter
    default_sort = "-placed"
    create_url = "sales:order_create"
    create_label = gettext_lazy("Order")
    columns = (
        Column("number", gettext_lazy("Number"), kind="link", url=lambda row: row.get_absolute_url()),
        Column("customer", gettext_lazy("Customer"), "customer.name", url=lambda row: row.customer.get_absolute_url()),
        Column("placed", gettext_lazy("Placed"), "placed_at", "placed_at", "when"),
        Column("lines", gettext_lazy("Lines"), "lines_count", kind="number", hide="phone"),
        Column("total", gettext_lazy("Total"), sort="total", kind="money"),
        Column("source", gettext_lazy("Source"), hide="phone"),
    )

    def rows(self, queryset: Any) -> Any:
        """With the customer."""
        return queryset.select_related("customer")


class OrderView(RecordView):
    """One order with its lines."""

    model = Order
    permission = "sales.view"
    template_name = "sales/order.html"
    record_kind = "order"
    context_name = "order"

    def queryset(self, request: HttpRequest) -> Any:
        """With the customer."""
        return super().queryset(request).select_related("customer", "contact")

    def context(self, request: HttpRequest, obj: Order) -> dict[str, Any]:
        """The lines."""
        return {"lines": list(obj.lines.select_related("product")[:500])}


class OrderCreateView(CreateView):
    """An order by hand."""

    permission = "sales.create"
    form_class = OrderForm
    template_name = "sales/order_form.html"
    title = gettext_lazy("New order")
    submit_label = gettext_lazy("Place order")

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Who asks, and for whom."""
        text = request.GET.get("customer", "")
        party = Party.objects.visible_to(request.user).filter(pk=text).first() if text.isdigit() else None
        return {"user": request.user, "initial": {"customer": party_words(party)} if party else {}}

    def context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Offer the catalogue's first products while typing."""
        return {"products": Product.objects.filter(is_active=True)[:200]}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Order:
        """Place it."""
        party = form.cleaned_data["customer"]
        lines = [ordering.Line(product, quantity) for product, quantity in form.cleaned_data["lines"]]
        contact = party if party.is_person else None
        return ordering.place(actor=request.user, customer=party, contact=contact, lines=lines)


class OrdersPanelView(HouseView):
    """A customer's last orders."""

    permission = "sales.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        rows = list(Order.objects.filter(customer_id=party.customer_id).order_by("-placed_at")[:5])
        return render(request, "sales/orders_panel.html", {"party": party, "rows": rows})


class ProductListView(ListView):
    """The catalogue."""

    permission = "sales.view"
    title = gettext_lazy("Products")
    model = Product
    filterset_class = ProductFilter
    default_sort = "name"
    create_url = "sales:product_create"
    create_label = gettext_lazy("Product")
    columns = (
        Column("name", gettext_lazy("Product"), sort="name", kind="link", url=lambda row: row.get_absolute_url()),
        Column("sku", gettext_lazy("Number"), sort="sku"),
        Column("department", gettext_lazy("Department"), hide="phone"),
        Column("brand", gettext_lazy("Brand"), hide="phone"),
        Column("price", gettext_lazy("Price"), sort="price", kind="money"),
    )


class ProductView(RecordView):
    """One product."""

    model = Product
    permission = "sales.view"
    template_name = "sales/product.html"
    record_kind = "product"
    context_name = "product"


class ProductFormMixin:
    """Saving a product."""

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Product:
        """Save it."""
        messages.success(request, _("Saved."))
        product: Product = form.save()
        return product


class ProductCreateView(ProductFormMixin, CreateView):
    """A new product."""

    permission = "sales.create"
    form_class = ProductForm
    title = gettext_lazy("New product")


class ProductEditView(ProductFormMixin, EditView):
    """Change a product."""

    permission = "sales.edit"
    model = Product
    form_class = ProductForm
    title = gettext_lazy("Edit product")

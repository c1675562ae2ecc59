"""Products, and what was bought or sent back."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from djmoney.models.fields import MoneyField

from contacts.models import Import, Party
from crm.accounts.querysets import VisibleQuerySet
from crm.lib import history


class ProductQuerySet(VisibleQuerySet):
    """The catalogue is everybody's who sees sales."""

    kind = "sales"

    def restrict(self, owners: set[int], user: Any) -> Self:
        """Products belong to nobody."""
        return self.all()

    def search(self, words: str) -> Self:
        """Find by name, number or department."""
        found = Q()
        for word in words.split():
            found &= Q(name__icontains=word) | Q(sku__istartswith=word) | Q(department__icontains=word)
        return self.filter(found)


@history.track()
class Product(models.Model):
    """Something that is sold."""

    sku = models.CharField(_("number"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    department = models.CharField(_("department"), max_length=80, blank=True)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    price: Any = MoneyField(
        _("price"), max_digits=14, decimal_places=2, default_currency=settings.DEFAULT_CURRENCY, default=0
    )
    is_active = models.BooleanField(_("sold"), default=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [models.Index(fields=["name"], name="product_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The product's page."""
        return reverse("sales:product", args=[self.pk])


class OrderQuerySet(VisibleQuerySet):
    """Orders are seen by whoever sees the customer."""

    kind = "sales"

    def restrict(self, owners: set[int], user: Any) -> Self:
        """Keep the orders of the customers these users own."""
        return self.filter(customer__owner_id__in=owners)

    def search(self, words: str) -> Self:
        """Find by number, or by customer."""
        text = words.strip()
        return self.filter(
            Q(number__istartswith=text) | Q(customer_id__in=Party.objects.search(text).values("customer_id")[:500])
        )


@history.track()
class Order(models.Model):
    """One purchase, or one return: then the total is negative."""

    number = models.CharField(_("number"), max_length=80, unique=True)
    customer = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="orders", verbose_name=_("customer"))
    contact = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    placed_at = models.DateTimeField(_("placed"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3, default=settings.DEFAULT_CURRENCY)
    lines_count = models.PositiveIntegerField(_("lines"), default=0)
    source = models.CharField(_("source"), max_length=20, default="typed")
    imported_by = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [
            models.Index(fields=["customer", "-placed_at"], name="order_of_customer"),
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["imported_by"], name="order_import", condition=~Q(imported_by=None)),
            models.Index(OpClass(Upper("number"), "text_pattern_ops"), name="order_number_prefix"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("sales:order", args=[self.pk])

    def lines_total(self) -> Any:
        """Return the sum of the lines."""
        return self.lines.aggregate(total=Sum(F("amount")))["total"] or 0


@history.track(inserts=False)
class OrderLine(models.Model):
    """One line of an order; a return has a negative quantity and amount."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    line_no = models.PositiveIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="lines")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        ordering = ("line_no",)
        constraints = [models.UniqueConstraint(fields=["order", "line_no"], name="order_line_once")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"

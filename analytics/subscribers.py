"""What analytics does when something happens below."""

from django.db.models import Max, Min

from analytics.services import figures, scoring
from crm.events import subscribe
from sales.events import OrderPlaced, OrdersImported
from sales.models import Order


@subscribe(OrderPlaced)
def count_order(evt: OrderPlaced) -> None:
    """Bring the day's revenue and the customer's scores forward."""
    order = Order.objects.filter(pk=evt.order_id).first()
    if order:
        figures.refresh_days(order.placed_at.date(), order.placed_at.date())
        scoring.rescore(evt.customer_id)


@subscribe(OrdersImported)
def count_import(evt: OrdersImported) -> None:
    """Bring the revenue of the days in the file forward."""
    found = Order.objects.filter(imported_by_id=evt.import_id).aggregate(first=Min("placed_at"), last=Max("placed_at"))
    if found["first"]:
        figures.refresh_days(found["first"].date(), found["last"].date())

"""Tables of the room."""

from sales.models.opportunity import LostReason, Opportunity, Pipeline, Stage, StageChange
from sales.models.order import Order, OrderLine, Product

__all__ = ["LostReason", "Opportunity", "Order", "OrderLine", "Pipeline", "Product", "Stage", "StageChange"]

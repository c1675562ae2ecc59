"""What sales tells the rooms above."""

from crm.events import event


@event(subject="order_id")
class OrderPlaced:
    """An order was placed by hand."""

    order_id: int
    customer_id: int


@event(subject="import_id")
class OrdersImported:
    """A file of orders is in."""

    import_id: int


@event(subject="opportunity_id")
class OpportunityOpened:
    """Somebody may buy something."""

    opportunity_id: int


@event(subject="opportunity_id")
class OpportunityMoved:
    """It stands in another stage."""

    opportunity_id: int
    stage_id: int


@event(subject="opportunity_id")
class OpportunityWon:
    """They buy it."""

    opportunity_id: int


@event(subject="opportunity_id")
class OpportunityLost:
    """They do not."""

    opportunity_id: int

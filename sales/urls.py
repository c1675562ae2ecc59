"""Addresses of sales."""

from django.urls import path

from sales.views import board, opportunities, orders

app_name = "sales"
urlpatterns = [
    path("", board.BoardView.as_view(), name="board"),
    path("lanes/<int:pk>/", board.LaneView.as_view(), name="lane"),
    path("opportunities/", opportunities.OpportunityListView.as_view(), name="list"),
    path("opportunities/new/", opportunities.OpportunityCreateView.as_view(), name="create"),
    path("opportunities/<int:pk>/", opportunities.OpportunityView.as_view(), name="opportunity"),
    path("opportunities/<int:pk>/edit/", opportunities.OpportunityEditView.as_view(), name="edit"),
    path("opportunities/<int:pk>/move/", board.MoveView.as_view(), name="move"),
    path("opportunities/<int:pk>/stage/<int:stage>/", board.StageClickView.as_view(), name="stage"),
    path("opportunities/<int:pk>/win/", opportunities.WinView.as_view(), name="win"),
    path("opportunities/<int:pk>/lose/", opportunities.LoseView.as_view(), name="lose"),
    path("opportunities/<int:pk>/reopen/", opportunities.ReopenView.as_view(), name="reopen"),
    path("customers/<int:pk>/opportunities/", opportunities.PartyPanelView.as_view(), name="party_panel"),
    path("customers/<int:pk>/orders/", orders.OrdersPanelView.as_view(), name="orders_panel"),
    path("orders/", orders.OrderListView.as_view(), name="orders"),
    path("orders/new/", orders.OrderCreateView.as_view(), name="order_create"),
    path("orders/<int:pk>/", orders.OrderView.as_view(), name="order"),
    path("products/", orders.ProductListView.as_view(), name="products"),
    path("products/new/", orders.ProductCreateView.as_view(), name="product_create"),
    path("products/<int:pk>/", orders.ProductView.as_view(), name="product"),
    path("products/<int:pk>/edit/", orders.ProductEditView.as_view(), name="product_edit"),
]

"""Addresses of analytics."""

from django.urls import path

from analytics.views import dashboard

app_name = "analytics"
urlpatterns = [
    path("", dashboard.DashboardView.as_view(), name="dashboard"),
    path("score/", dashboard.ScoreView.as_view(), name="score"),
    path("runs/", dashboard.RunListView.as_view(), name="runs"),
    path("runs/<int:pk>/", dashboard.RunView.as_view(), name="run"),
    path("customers/<int:pk>/why/", dashboard.WhyView.as_view(), name="why"),
]

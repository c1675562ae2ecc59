"""Addresses of the shell."""

from django.urls import path

from crm.ui.views import shell

app_name = "ui"
urlpatterns = [
    path("", shell.HomeView.as_view(), name="home"),
    path("search/", shell.SearchView.as_view(), name="search"),
    path("history/<str:label>/<int:pk>/", shell.HistoryView.as_view(), name="history"),
]

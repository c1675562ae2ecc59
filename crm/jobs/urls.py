"""Long work."""

from django.urls import path

from crm.jobs import views

app_name = "jobs"
urlpatterns = [
    path("<int:pk>/", views.progress, name="progress"),
    path("<int:pk>/stop/", views.stop, name="stop"),
]

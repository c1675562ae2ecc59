"""See how far long work is, leave it, stop it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from crm.jobs import services
from crm.jobs.models import Job
from crm.lib.errors import DomainError


@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a job; htmx gets the bar alone."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "jobs/bar.html" if request.headers.get("HX-Request") else "jobs/progress.html"
    return render(request, template, {"job": job, "live_channel": f"job:{job.pk}"})


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        services.stop(job, actor=request.user)
    except DomainError:
        job.refresh_from_db()
    return redirect("jobs:progress", pk=job.pk)

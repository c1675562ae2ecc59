"""The Celery app, its clock, and the base of every task."""

import os

import pghistory
from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")


class RapportTask(DjangoTask):
    """A task whose writes are recorded in the change history under the task's name."""

    abstract = True

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Run the task inside a history context."""
        with pghistory.context(actor=f"task:{self.name}"):
            return super().__call__(*args, **kwargs)


app = Celery("rapport", task_cls=RapportTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()

EVERY_SECOND = 1.0
TELEPHONY = {"queue": "telephony", "expires": 2}
# One line per clock: name, task, seconds or crontab. Rooms add their own lines here.
app.conf.beat_schedule = {
    "clock-heartbeat": {"task": "crm.jobs.tasks.heartbeat", "schedule": 20.0, "options": {"expires": 20}},
    "deliver-events": {"task": "crm.events.tasks.deliver", "schedule": 2.0, "options": {"expires": 2}},
    "sweep-effects": {"task": "crm.events.tasks.sweep_effects", "schedule": 5.0, "options": {"expires": 5}},
    "sweep-jobs": {"task": "crm.jobs.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "score-nightly": {
        "task": "analytics.tasks.nightly",
        "schedule": crontab(hour=2, minute=10),
        "options": {"queue": "scoring"},
    },
    "release-entries": {"task": "campaigns.tasks.release_stale", "schedule": 60.0, "options": {"expires": 60}},
    "sweep-calls": {"task": "contactcentre.tasks.sweep", "schedule": EVERY_SECOND, "options": TELEPHONY},
    "dial-lists": {"task": "contactcentre.tasks.dial", "schedule": EVERY_SECOND, "options": TELEPHONY},
    "reconcile-calls": {"task": "contactcentre.tasks.reconcile", "schedule": 20.0, "options": TELEPHONY},
    "prune-outbox": {"task": "crm.events.tasks.prune", "schedule": 3600.0, "options": {"expires": 3600}},
}

"""Numbers, queues and skills."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from crm.lib import history


@history.track()
class Skill(models.Model):
    """Something an agent can do."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


@history.track()
class Queue(models.Model):
    """Callers who wait for the same skill. The weights say what their order rests on, in points."""

    key = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=60)
    digit = models.CharField(_("key in the menu"), max_length=1, blank=True)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("skill"))
    target_seconds = models.PositiveIntegerField(_("answer within, seconds"), default=20)
    max_wait_seconds = models.PositiveIntegerField(_("goes first after, seconds"), default=240)
    wait_weight = models.PositiveSmallIntegerField(_("points for waiting"), default=40)
    value_weight = models.PositiveSmallIntegerField(_("points for value"), default=25)
    risk_weight = models.PositiveSmallIntegerField(_("points for risk"), default=20)
    ticket_weight = models.PositiveSmallIntegerField(_("points for an open ticket"), default=15)

    class Meta:
        ordering = ("digit", "name")

    def __str__(self) -> str:
        return self.name


@history.track()
class Number(models.Model):
    """A number of ours. The default one is shown when we call."""

    e164 = PhoneNumberField(_("number"), unique=True)
    label = models.CharField(_("label"), max_length=60)
    greeting = models.CharField(_("greeting"), max_length=300, blank=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, verbose_name=_("queue when no key is pressed"))
    is_default = models.BooleanField(_("shown when we call"), default=False)

    def __str__(self) -> str:
        return f"{self.e164} {self.label}"

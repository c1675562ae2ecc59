"""The board: lanes with sums, cards that are dragged or moved by menu."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.permissions import can
from crm.ui.htmx import is_htmx, see_other, toast
from crm.ui.views import ConfirmView, HouseView
from sales.forms import MoveForm
from sales.models import Opportunity, Pipeline, Stage
from sales.selectors import LANE, board, lane_after
from sales.services import pipeline


def board_context(request: HttpRequest) -> dict[str, Any]:
    """Return the board as this person sees it; `?mine=1` keeps their own cards."""
    rows = Opportunity.objects.visible_to(request.user)
    mine = request.GET.get("mine") == "1"
    if mine:
        rows = rows.filter(owner=request.user)
    pipelines = list(Pipeline.objects.all())
    asked = request.GET.get("pipeline", "")
    chosen = next((entry for entry in pipelines if str(entry.pk) == asked), pipelines[0] if pipelines else None)
    lanes = board(rows, chosen.pk) if chosen else []
    return {
        "lanes": lanes,
        "pipelines": pipelines,
        "pipeline": chosen,
        "mine": mine,
        "count": sum(lane.count for lane in lanes),
        "total": sum(lane.total for lane in lanes),
        "may_edit": can(request.user, "sales.edit"),
        "next": LANE,
    }


class BoardView(HouseView):
    """The board of a pipeline."""

    permission = "sales.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the page, or the lanes for htmx."""
        name = "sales/board.html#lanes" if is_htmx(request) else "sales/board.html"
        return render(request, name, board_context(request))


class LaneView(HouseView):
    """Further cards of a lane."""

    permission = "sales.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the cards from an offset on."""
        text = request.GET.get("from", "0")
        offset = int(text) if text.isdigit() and len(text) < 7 else 0
        stage = get_object_or_404(Stage, pk=pk)
        cards = lane_after(Opportunity.objects.visible_to(request.user), stage.pk, offset)
        more = offset + len(cards) if len(cards) == 50 else 0
        return render(request, "sales/cards.html", {"cards": cards, "stage": stage, "more": more})


class MoveView(ConfirmView):
    """“Move to…”: the dialog without dragging; a drop on the board posts the same address with neighbours."""

    permission = "sales.edit"
    model = Opportunity
    form_class = MoveForm
    title = gettext_lazy("Move to…")
    verb = gettext_lazy("Move")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move; a drag is answered with the fresh board."""
        if "after" not in request.POST:
            return super().post(request, pk)
        card = self.find(request, pk)
        text = request.POST.get("stage", "")
        stage = get_object_or_404(Stage, pk=int(text) if text.isdigit() and len(text) < 10 else 0)
        old = card.stage_id
        after, before = _key(request.POST["after"]), _key(request.POST.get("before"))
        pipeline.move(card, actor=request.user, stage=stage, after=after, before=before)
        answer = render(request, "sales/board.html#lanes", board_context(request))
        words = _("%(name)s is in %(stage)s.") % {"name": card.name, "stage": stage.name}
        back = f"{reverse('sales:stage', args=[card.pk, old])}?back=board"
        return toast(answer, words, undo_url=back if old != stage.pk else "")

    def perform(self, request: HttpRequest, obj: Any, form: Any) -> str:
        """Move to the front of the stage."""
        pipeline.move(obj, actor=request.user, stage=form.cleaned_data["stage"])
        return reverse("sales:board")


def _key(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() and len(text) < 19 else None


class StageClickView(HouseView):
    """A click on a stage of the record."""

    permission = "sales.edit"

    def post(self, request: HttpRequest, pk: int, stage: int) -> HttpResponse:
        """Move and show the record."""
        card = get_object_or_404(Opportunity.objects.editable_by(request.user), pk=pk)
        pipeline.move(card, actor=request.user, stage=get_object_or_404(Stage, pk=stage))
        on_board = request.GET.get("back") == "board"
        return see_other(request, reverse("sales:board") if on_board else card.get_absolute_url())

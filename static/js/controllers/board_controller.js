import { Controller } from "stimulus";
import Sortable from "sortable";

// Drag a card to another lane: posts stage and neighbours to the card's address. The menu "Move to…" posts the same.
export default class extends Controller {
  static targets = ["lane"];

  laneTargetConnected(lane) {
    lane.sortable = Sortable.create(lane, {
      group: "board",
      animation: 120,
      filter: "button, summary, select, a.btn",
      preventOnFilter: false,
      onEnd: (event) => this.drop(event),
    });
  }

  laneTargetDisconnected(lane) {
    lane.sortable?.destroy();
  }

  drop({ item, from, to, oldIndex, newIndex }) {
    if (from === to && oldIndex === newIndex) return;
    const values = {
      stage: to.dataset.stage,
      after: item.previousElementSibling?.dataset.pk ?? "",
      before: item.nextElementSibling?.dataset.pk ?? "",
    };
    window.htmx.ajax("POST", item.dataset.moveUrl, { values, target: this.element, swap: "outerHTML" });
  }
}

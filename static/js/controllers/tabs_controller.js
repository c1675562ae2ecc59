import { Controller } from "stimulus";

// Tabs of the composer: one panel at a time, arrow keys move.
export default class extends Controller {
  static targets = ["tab", "panel"];

  choose(event) {
    this.show(this.tabTargets.indexOf(event.currentTarget));
  }

  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const count = this.tabTargets.length;
    const next = (this.tabTargets.indexOf(event.currentTarget) + step + count) % count;
    this.show(next);
    this.tabTargets[next].focus();
  }

  show(place) {
    this.tabTargets.forEach((tab, index) => {
      tab.setAttribute("aria-selected", String(index === place));
      tab.tabIndex = index === place ? 0 : -1;
    });
    this.panelTargets.forEach((panel, index) => {
      panel.hidden = index !== place;
    });
  }
}

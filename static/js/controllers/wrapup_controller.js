import { Controller } from "stimulus";

// Wrap-up by keyboard: Cmd/Ctrl+Enter saves, digits choose the outcome while nobody types.
export default class extends Controller {
  static targets = ["save"];

  connect() {
    this.onKey = (event) => this.choose(event);
    document.addEventListener("keydown", this.onKey);
    this.element.querySelector(".errors")?.focus();
  }

  disconnect() {
    document.removeEventListener("keydown", this.onKey);
  }

  choose(event) {
    if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]")) return;
    if (document.body.dataset.keysEnabledValue === "false") return;
    const radio = this.element.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
    if (radio) radio.click();
  }

  save(event) {
    event.preventDefault();
    if (!this.saveTarget.disabled) this.element.requestSubmit(this.saveTarget);
  }
}

import { Controller } from "stimulus";

// Single-letter keys: what carries data-key="x" is clicked or focused by x. Silent while somebody types.
export default class extends Controller {
  static targets = ["sheet"];
  static values = { enabled: Boolean };

  connect() {
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
  }

  disconnect() {
    document.removeEventListener("keydown", this.onKey);
  }

  press(event) {
    if (!this.enabledValue || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") {
      event.preventDefault();
      return this.sheetTarget.showModal();
    }
    const name = (event.shiftKey ? "shift+" : "") + event.key.toLowerCase();
    const target = document.querySelector(`[data-key="${CSS.escape(name)}"]`) ?? document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target || target.disabled) return;
    event.preventDefault();
    if (target.matches("input, textarea, select")) target.focus();
    else target.click();
  }
}

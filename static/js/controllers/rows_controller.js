import { Controller } from "stimulus";

// J and K move over the rows of a list, Enter opens the row.
export default class extends Controller {
  connect() {
    this.onKey = (event) => this.press(event);
    document.addEventListener("keydown", this.onKey);
  }

  disconnect() {
    document.removeEventListener("keydown", this.onKey);
  }

  press(event) {
    if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, a, button, summary")) return;
    if (document.body.dataset.keysEnabledValue === "false") return;
    const rows = [...this.element.querySelectorAll("tbody tr")];
    const at = rows.findIndex((row) => row.classList.contains("at"));
    if (event.key === "Enter" && rows[at]) return rows[at].querySelector("a")?.click();
    if (event.key !== "j" && event.key !== "k") return;
    event.preventDefault();
    rows[at]?.classList.remove("at");
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)))];
    next?.classList.add("at");
    next?.scrollIntoView({ block: "nearest" });
  }
}

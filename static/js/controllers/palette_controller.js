import { Controller } from "stimulus";

// Ctrl/Cmd+K: search, jump, create. The choice moves by arrow keys, the input keeps the focus.
export default class extends Controller {
  static targets = ["dialog", "input", "body"];

  connect() {
    this.onKey = (event) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        this.open();
      }
    };
    this.onFound = (event) => {
      if (event.target.id === "palette-found") this.filter();
    };
    document.addEventListener("keydown", this.onKey);
    document.addEventListener("htmx:afterSwap", this.onFound);
  }

  disconnect() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("htmx:afterSwap", this.onFound);
  }

  open() {
    if (this.dialogTarget.open) return;
    this.dialogTarget.showModal();
    this.inputTarget.select();
    this.filter();
  }

  items() {
    return [...this.bodyTarget.querySelectorAll(".palette-item:not([hidden])")];
  }

  filter() {
    const words = this.inputTarget.value.trim().toLowerCase();
    for (const item of this.bodyTarget.querySelectorAll("[data-words]")) {
      item.hidden = words !== "" && !item.dataset.words.includes(words);
    }
    this.choose(this.items()[0]);
  }

  choose(item) {
    for (const other of this.items()) {
      other.classList.toggle("on", other === item);
      other.setAttribute("aria-selected", String(other === item));
    }
    if (!item) return this.inputTarget.removeAttribute("aria-activedescendant");
    this.inputTarget.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  move(event) {
    const items = this.items();
    const at = items.findIndex((item) => item.classList.contains("on"));
    if (event.key === "ArrowDown") this.choose(items[Math.min(at + 1, items.length - 1)]);
    else if (event.key === "ArrowUp") this.choose(items[Math.max(at - 1, 0)]);
    else if (event.key === "Enter" && items[at]) window.location.href = items[at].href;
    else {
      requestAnimationFrame(() => this.filter());
      return;
    }
    event.preventDefault();
  }
}

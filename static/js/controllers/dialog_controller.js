import { Controller } from "stimulus";

// A link with data-dialog opens its page's dialog here; without script it is a page of its own.
export default class extends Controller {
  static targets = ["box"];

  connect() {
    this.onClick = (event) => {
      const link = event.target.closest("a[data-dialog]");
      if (!link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      this.opener = link;
      window.htmx.ajax("GET", link.href, { target: this.boxTarget, swap: "innerHTML" }).then(() => {
        if (!this.boxTarget.open) this.boxTarget.showModal();
      });
    };
    document.addEventListener("click", this.onClick);
  }

  disconnect() {
    document.removeEventListener("click", this.onClick);
  }

  close(event) {
    if (!this.boxTarget.open) return;
    event.preventDefault();
    this.boxTarget.close();
    this.opener?.focus();
  }
}

import { Controller } from "stimulus";

// A click on any telephone number dials it from here: our own telephone rings first. Without a script the device dials.
export default class extends Controller {
  static values = { url: String };

  connect() {
    this.onClick = (event) => {
      const link = event.target.closest('a[href^="tel:"]');
      if (!link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      window.htmx.ajax("POST", this.urlValue, { swap: "none", values: { number: decodeURIComponent(link.href.slice(4)) } });
    };
    document.addEventListener("click", this.onClick);
  }

  disconnect() {
    document.removeEventListener("click", this.onClick);
  }
}

import { Controller } from "stimulus";

// Short messages, with a way back when there is one. The server raises the event "toast"; the words stand on the list.
export default class extends Controller {
  static targets = ["list"];

  connect() {
    this.onToast = (event) => this.show(event.detail);
    const words = this.listTarget.dataset;
    this.onError = (event) => {
      const status = event.detail.xhr?.status;
      if (status && status !== 422) this.show({ text: words.refused.replace("{status}", status), level: "error" });
    };
    this.onSend = () => this.show({ text: words.silent, level: "error" });
    document.body.addEventListener("toast", this.onToast);
    document.body.addEventListener("htmx:responseError", this.onError);
    document.body.addEventListener("htmx:sendError", this.onSend);
    for (const line of this.listTarget.children) this.leave(line);
  }

  disconnect() {
    document.body.removeEventListener("toast", this.onToast);
    document.body.removeEventListener("htmx:responseError", this.onError);
    document.body.removeEventListener("htmx:sendError", this.onSend);
  }

  show({ text, undo, level }) {
    const line = document.createElement("p");
    line.className = "toast-line";
    line.dataset.level = level || "info";
    line.append(text);
    if (undo) {
      const button = document.createElement("button");
      button.className = "btn btn-small";
      button.textContent = this.listTarget.dataset.undo;
      button.addEventListener("click", () => {
        line.remove();
        window.htmx.ajax("POST", undo, { swap: "none" });
      });
      line.append(" ", button);
    }
    this.listTarget.append(line);
    this.leave(line);
  }

  leave(line) {
    setTimeout(() => line.remove(), line.dataset.level === "error" ? 12000 : 7000);
  }
}

import { Controller } from "stimulus";

// A form that asks before what was typed is lost, and saves by Cmd/Ctrl+Enter.
export default class extends Controller {
  connect() {
    this.onInput = () => {
      this.dirty = true;
    };
    this.onLeave = (event) => {
      if (this.dirty) event.preventDefault();
    };
    this.onSubmit = () => {
      this.dirty = false;
    };
    this.element.addEventListener("input", this.onInput);
    this.element.addEventListener("submit", this.onSubmit);
    window.addEventListener("beforeunload", this.onLeave);
    this.element.querySelector(".errors")?.focus();
  }

  disconnect() {
    window.removeEventListener("beforeunload", this.onLeave);
  }

  clear() {
    this.dirty = false;
    this.element.reset();
  }

  save(event) {
    event.preventDefault();
    this.element.requestSubmit();
  }
}

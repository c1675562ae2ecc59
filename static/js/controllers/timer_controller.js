import { Controller } from "stimulus";

// Counts up from a moment (data-timer-since-value, ISO). Only digits change, at a fixed width.
export default class extends Controller {
  static values = { since: String };

  connect() {
    this.tick = setInterval(() => this.show(), 1000);
    this.show();
  }

  disconnect() {
    clearInterval(this.tick);
  }

  show() {
    const total = Math.max(0, Math.floor((Date.now() - Date.parse(this.sinceValue)) / 1000));
    const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
    const two = (number) => String(number).padStart(2, "0");
    this.element.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
  }
}

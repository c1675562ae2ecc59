import { Controller } from "stimulus";

// Server-sent events: one tab of a browser holds the stream for all its tabs (Web Locks), the others hear it by
// BroadcastChannel. A message becomes the event live:<name> on the body, and fragments fetch themselves again.
export default class extends Controller {
  connect() {
    this.token = this.element.dataset.liveToken;
    if (!this.token) return;
    this.tokens = new Set([this.token]);
    this.channel = new BroadcastChannel("rapport-live");
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.channel.postMessage({ kind: "hello", token: this.token });
    this.release = new AbortController();
    navigator.locks
      .request("rapport-live", { signal: this.release.signal }, () => this.lead())
      .catch((error) => error.name !== "AbortError" && Promise.reject(error));
  }

  disconnect() {
    this.release?.abort();
    this.letGo?.();
    this.source?.close();
    this.channel?.close();
  }

  lead() {
    this.leading = true;
    this.channel.postMessage({ kind: "who" });
    this.listen();
    return new Promise((resolve) => {
      this.letGo = resolve;
    });
  }

  listen() {
    this.source?.close();
    const query = [...this.tokens].map((token) => `token=${encodeURIComponent(token)}`).join("&");
    this.source = new EventSource(`/live/?${query}`);
    this.source.onopen = () => this.say({ kind: "message", message: { name: "connected", channel: "*", data: {} } });
    this.source.addEventListener("message", ({ data }) => this.say({ kind: "message", message: JSON.parse(data) }));
    this.source.onerror = () => {
      // A refused token ends the stream for good: forget the others' tokens, they say hello again when they are alive.
      if (this.source.readyState === EventSource.CLOSED) setTimeout(() => this.renew(), 3000);
    };
  }

  renew() {
    this.tokens = new Set([this.token]);
    this.channel.postMessage({ kind: "who" });
    this.listen();
  }

  say(data) {
    this.channel.postMessage(data);
    this.hear(data);
  }

  hear({ kind, token, message }) {
    if (kind === "message") document.body.dispatchEvent(new CustomEvent(`live:${message.name}`, { detail: message }));
    if (kind === "who") this.channel.postMessage({ kind: "hello", token: this.token });
    if (kind === "hello" && this.leading && !this.tokens.has(token)) {
      this.tokens.add(token);
      this.listen();
    }
  }
}

import { EventEmitter, once } from "node:events";

/** What a subscription's callback was called with. */
export class Heard {
  #events = [];
  #said = { keepalive: [], error: [], end: [] };
  #changes = new EventEmitter();
  info;

  callback = (info, type, data) => {
    this.info = info;
    if (type === "event") {
      this.#events.push(data);
    } else if (type === "grpcKeepAlive") {
      this.#said.keepalive.push(info);
    } else if (type === "error") {
      this.#said.error.push(data);
    } else if (type === "end") {
      this.#said.end.push(info);
    }
    this.#changes.emit("change");
  };

  /** Waits until so many events have come in all, and returns them. */
  async events(count) {
    await this.#until(() => this.#events.length >= count);
    return this.#events;
  }

  keepalive() {
    return this.#first("keepalive");
  }

  error() {
    return this.#first("error");
  }

  end() {
    return this.#first("end");
  }

  async #first(kind) {
    await this.#until(() => this.#said[kind].length > 0);
    return this.#said[kind][0];
  }

  async #until(condition) {
    while (!condition()) {
      await once(this.#changes, "change");
    }
  }
}

import { setTimeout as pause } from "node:timers/promises";

const ORG = `${process.env.SIMULATOR}/simulator/orgs/demo`;

/** The simulator's control API. */
export class Control {
  resetBus() {
    return this.#request("/bus/reset", "POST");
  }

  endStreams() {
    return this.#request("/streams/end", "POST");
  }

  /** Waits for a stream of the topic. */
  streamOf(topic) {
    return this.#until("/streams", (streams) => streams.some((stream) => stream.topic === topic));
  }

  /** Waits until something is committed. */
  committed(name) {
    return this.#until("/managed", (all) => all.find((each) => each.developerName === name).committed);
  }

  /** Waits until nobody has the managed subscription. */
  free(name) {
    return this.#until("/managed", (all) => !all.find((each) => each.developerName === name).taken);
  }

  async #until(path, condition) {
    while (!condition(await this.#request(path, "GET"))) {
      await pause(20);
    }
  }

  async #request(path, method) {
    const response = await fetch(ORG + path, { method });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  }
}

import { setTimeout } from "node:timers/promises";

/** Waits for something that an emitter says: the first context from now on that fits. */
export function event(emitter, name, fits = () => true) {
  return new Promise((resolve) => {
    const listener = (context) => {
      if (fits(context)) {
        emitter.removeListener(name, listener);
        resolve(context);
      }
    };
    emitter.on(name, listener);
  });
}

/** Everything that an emitter says under a name, from now on. */
export class Heard {
  #contexts = [];
  #emitter;
  #name;

  constructor(emitter, name) {
    this.#emitter = emitter;
    this.#name = name;
    emitter.on(name, (context) => this.#contexts.push(context));
  }

  /** So far. */
  get all() {
    return [...this.#contexts];
  }

  /** Waits until it has been said so often; returns all of it. */
  async atLeast(count) {
    while (this.#contexts.length < count) {
      await event(this.#emitter, this.#name);
    }
    return this.all;
  }
}

/** Asks again and again until the answer fits; returns it. */
export async function eventually(ask, fits) {
  for (;;) {
    const answer = await ask();
    if (fits(answer)) {
      return answer;
    }
    await setTimeout(20);
  }
}

/*
 * One WebSocket to a relay, with the client protocol written out by hand: newline-separated JSON, commands with an id,
 * their replies, and pushes. It comes back by itself (doubling pauses with full jitter) and takes up each channel at the
 * position where it was. Real clients use an SDK; this is to show how little there is to it.
 *
 * Events: "state" {state, detail}, "publication" {channel, publication, recovered},
 *         "subscribed" {channel, wasRecovering, recovered}, "unsubscribed" {channel, reason}.
 */

const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 10_000;
const PING_GRACE = 10_000;
const RESUBSCRIBE_FROM = 2500;

export class RelayConnection extends EventTarget {
  #url;
  #socket = null;
  #connected = false;
  #wanted = false;
  #lastId = 0;
  #waiting = new Map(); // id of a command -> what to do with its reply
  #positions = new Map(); // subscribed channel -> {epoch, offset}, or null before the first reply
  #attempt = 0;
  #reconnect = 0;
  #silence = 0;
  #silenceLimit = 0;

  constructor(url) {
    super();
    this.#url = url;
  }

  get connected() {
    return this.#connected;
  }

  get open() {
    return this.#wanted;
  }

  /** Connects, and stays connected until disconnect(). */
  connect() {
    this.#wanted = true;
    this.#dial();
  }

  disconnect() {
    this.#wanted = false;
    clearTimeout(this.#reconnect);
    this.#socket?.close(1000);
    this.#lost("disconnected", "by you");
  }

  /** Holds over reconnects, until unsubscribe(). */
  subscribe(channel) {
    if (this.#positions.has(channel)) {
      return;
    }
    this.#positions.set(channel, null);
    if (this.#connected) {
      this.#sendSubscribe(channel);
    }
  }

  unsubscribe(channel) {
    this.#positions.delete(channel);
    if (this.#connected) {
      this.#send({ unsubscribe: { channel } }).catch(() => {});
    }
  }

  /** Resolves when the relay has acknowledged; rejects with its error. */
  publish(channel, data) {
    return this.#connected ? this.#send({ publish: { channel, data } }) : Promise.reject(new Error("not connected"));
  }

  #dial() {
    this.#tell("state", { state: "connecting", detail: "" });
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    const ifCurrent = (handle) => (event) => this.#socket === socket && handle(event);
    socket.onopen = ifCurrent(() => this.#sendConnect());
    socket.onmessage = ifCurrent(({ data }) => this.#read(data));
    socket.onclose = ifCurrent(({ code, reason }) => this.#closed(code, reason));
  }

  #read(frame) {
    this.#heard();
    for (const line of frame.split("\n")) {
      if (line) {
        this.#handle(JSON.parse(line));
      }
    }
  }

  #handle(reply) {
    if (reply.push) {
      this.#pushed(reply.push);
    } else if (reply.id) {
      const { resolve, reject } = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      reply.error ? reject(new Error(`${reply.error.message} (${reply.error.code})`)) : resolve(reply);
    } else {
      this.#socket.send("{}"); // a ping: the answer is the same
    }
  }

  #pushed({ channel, pub, unsubscribe }) {
    if (pub) {
      this.#received(channel, pub, false);
    } else if (unsubscribe) {
      if (unsubscribe.code >= RESUBSCRIBE_FROM && this.#positions.has(channel)) {
        this.#sendSubscribe(channel);
      } else {
        this.#positions.delete(channel);
        this.#tell("unsubscribed", { channel, reason: unsubscribe.reason });
      }
    }
  }

  #received(channel, publication, recovered) {
    const position = this.#positions.get(channel);
    if (position && publication.offset) {
      position.offset = publication.offset;
    }
    this.#tell("publication", { channel, publication, recovered });
  }

  #sendConnect() {
    this.#send({ connect: { name: "demo-page" } }).then(
      ({ connect }) => {
        this.#connected = true;
        this.#attempt = 0;
        this.#silenceLimit = connect.ping ? connect.ping * 1000 + PING_GRACE : 0;
        this.#heard();
        this.#tell("state", { state: "connected", detail: connect.client });
        for (const channel of this.#positions.keys()) {
          this.#sendSubscribe(channel);
        }
      },
      () => this.#socket.close(),
    );
  }

  #sendSubscribe(channel) {
    const position = this.#positions.get(channel);
    const since = position ? { recover: true, ...position } : {};
    this.#send({ subscribe: { channel, ...since } }).then(
      ({ subscribe }) => {
        for (const publication of subscribe.publications ?? []) {
          this.#received(channel, publication, true);
        }
        if (this.#positions.has(channel)) {
          const { epoch, offset = 0, recoverable } = subscribe;
          this.#positions.set(channel, recoverable ? { epoch, offset } : null);
        }
        const { was_recovering: wasRecovering = false, recovered = false } = subscribe;
        this.#tell("subscribed", { channel, wasRecovering, recovered });
      },
      (error) => {
        if (this.#connected) {
          this.#positions.delete(channel);
          this.#tell("unsubscribed", { channel, reason: error.message });
        }
      },
    );
  }

  #send(command) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, ...command }));
    });
  }

  #closed(code, reason) {
    const detail = [code, reason].filter(Boolean).join(" ");
    const stayAway = (code >= 3500 && code < 4000) || (code >= 4500 && code < 5000);
    if (stayAway) {
      this.#wanted = false;
    }
    this.#lost(stayAway ? "refused" : "waiting", detail);
    if (this.#wanted) {
      const ceiling = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#attempt++);
      this.#reconnect = setTimeout(() => this.#dial(), Math.random() * ceiling);
    }
  }

  #lost(state, detail) {
    this.#socket = null;
    this.#connected = false;
    this.#silenceLimit = 0;
    clearTimeout(this.#silence);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    waiting.forEach(({ reject }) => reject(new Error("connection lost")));
    this.#tell("state", { state, detail });
  }

  /** A server that has not even pinged for so long is gone, whatever TCP believes. */
  #heard() {
    clearTimeout(this.#silence);
    if (this.#silenceLimit) {
      this.#silence = setTimeout(() => {
        this.#socket.close();
        this.#closed(0, "silence");
      }, this.#silenceLimit);
    }
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

import WebSocket from "ws";
import { eventually } from "./heard.js";

/** The client protocol as it goes over the wire, in JSON, for what the SDK does not tell: which pod a connection is on. */
export class RawClient {
  #socket;
  #lines = [];
  #lastId = 0;

  static async connected(t, url) {
    const client = new RawClient();
    client.#socket = new WebSocket(url);
    t.after(() => client.#socket.terminate());
    client.#socket.on("message", (frame) => client.#lines.push(...frame.toString().split("\n").filter(Boolean).map(JSON.parse)));
    await new Promise((resolve, reject) => client.#socket.once("open", resolve).once("error", reject));
    client.node = (await client.ask({ connect: {} })).connect.node;
    return client;
  }

  /** Sends a command; returns its reply. */
  async ask(command) {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ id, ...command }));
    return await eventually(
      () => this.#lines.find((line) => line.id === id),
      (reply) => reply,
    );
  }

  /** Waits for a publication on a channel that fits; returns its data. */
  async hears(channel, fits) {
    const publications = () => this.#lines.filter(({ push }) => push?.channel === channel && push.pub).map(({ push }) => push.pub.data);
    return await eventually(() => publications().find(fits), (data) => data);
  }
}

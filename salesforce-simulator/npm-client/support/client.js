import PubSubApiClient from "salesforce-pubsub-api-client";
import { Heard } from "./heard.js";

const { SIMULATOR, PUBSUB, PRIVATE_KEY } = process.env;

export const DEADLINE = { timeout: 30_000 };

const CONNECTION = { loginUrl: SIMULATOR, pubSubEndpoint: PUBSUB, rejectUnauthorizedSsl: false };

/** The npm client, with its callbacks as things that can be awaited. */
export class Client {
  #client;
  #log = [];

  constructor(credentials) {
    const note = (message) => this.#log.push(String(message));
    const logger = { debug() {}, info: note, warn: note, error() {} };
    this.#client = new PubSubApiClient({ ...CONNECTION, ...credentials }, logger);
  }

  static async loggedIn() {
    const client = new Client({
      authType: "oauth-client-credentials",
      clientId: "demo-client",
      clientSecret: "demo-secret",
    });
    await client.#client.connect();
    return client;
  }

  static async loggedInByKey() {
    const client = new Client({
      authType: "oauth-jwt-bearer",
      clientId: "demo-client",
      username: "demo@lightline.example",
      privateKey: PRIVATE_KEY,
    });
    await client.#client.connect();
    return client;
  }

  /** What the client says about its login. */
  get loggedInto() {
    return this.#log.find((message) => message.startsWith("Connected to Salesforce org"));
  }

  subscribe(topic) {
    const heard = new Heard();
    this.#client.subscribe(topic, heard.callback);
    return heard;
  }

  subscribeFromEarliest(topic) {
    const heard = new Heard();
    this.#client.subscribeFromEarliestEvent(topic, heard.callback);
    return heard;
  }

  subscribeFrom(topic, replayId) {
    const heard = new Heard();
    this.#client.subscribeFromReplayId(topic, heard.callback, 100, replayId);
    return heard;
  }

  async subscribeManaged(name) {
    const heard = new Heard();
    await this.#client.subscribeWithManagedSubscription(name, heard.callback, 100);
    return heard;
  }

  commit(subscriptionId, replayId) {
    this.#client.commitReplayId(subscriptionId, replayId);
  }

  publish(topic, payload, key) {
    return this.#client.publish(topic, payload, key);
  }

  publishBatch(topic, events) {
    return new Promise((resolve, reject) => {
      this.#client.publishBatch(topic, events, (_info, type, data) => {
        if (type === "publishResponse") {
          resolve(data);
        } else if (type === "error") {
          reject(data);
        }
      });
    });
  }

  close() {
    this.#client.close();
  }
}

/*
 * Many clients of the unmodified centrifuge SDK in one process, with its default settings, for RollingRestartIT and ProxyIT. They
 * connect to RELAY, and each subscribes to one of CHANNELS (separated by commas), on which {"number": 0}, {"number": 1}, ... is
 * published. With FROM=127.1.0 each comes from an address of its own, 127.1.0.1, 127.1.0.2, ...
 *
 * Prints one JSON line when all of the CLIENTS are subscribed. A line on stdin then says how many messages each channel got in
 * the end; when all have come, or a minute later, it prints a second line, the report, and exits. It also exits when stdin
 * ends, so that it does not outlive whoever started it.
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { Centrifuge } from "centrifuge";
import WebSocket from "ws";

const { RELAY, CHANNELS, CLIENTS, FROM } = process.env;
const TRANSPORT_CLOSED = 2;
const PATIENCE = 60_000;
const LOOK = 50;

const input = createInterface({ input: process.stdin });
input.once("close", () => process.exit(1));

const report = { holes: 0, repetitions: 0, unrecovered: 0, goodbyes: 0, errors: [], breaks: [], reconnects: [] };
const channels = CHANNELS.split(",");
const clients = Array.from({ length: Number(CLIENTS) }, (_, index) => join(channels[index % channels.length], index));

await Promise.all(clients.map(({ subscription }) => subscription.ready(PATIENCE)));
console.log(JSON.stringify({ subscribed: clients.length }));

const [line] = await once(input, "line");
const published = JSON.parse(line);
for (const end = Date.now() + PATIENCE; Date.now() < end && !clients.every(isComplete); ) {
  await delay(LOOK);
}
console.log(JSON.stringify({ ...report, complete: clients.filter(isComplete).length }));
process.exit();

function isComplete({ channel, next }) {
  return next === published[channel];
}

function socketFrom(localAddress) {
  return class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { localAddress });
    }
  };
}

function join(channel, index) {
  const websocket = FROM ? socketFrom(`${FROM}.${index + 1}`) : WebSocket;
  const centrifuge = new Centrifuge(RELAY, { websocket });
  const subscription = centrifuge.newSubscription(channel);
  const client = { channel, subscription, next: 0 };
  let connections = 0;

  centrifuge.on("connecting", () => {
    if (connections > 0) {
      report.breaks.push(Date.now());
    }
  });
  centrifuge.on("connected", () => {
    if (connections++ > 0) {
      report.reconnects.push(Date.now());
    }
  });
  centrifuge.on("disconnected", () => report.goodbyes++);
  centrifuge.on("error", ({ error }) => {
    if (error.code !== TRANSPORT_CLOSED) {
      report.errors.push(`${error.code} ${error.message}`);
    }
  });
  subscription.on("error", ({ error }) => report.errors.push(`${channel}: ${error.code} ${error.message}`));
  subscription.on("unsubscribed", () => report.goodbyes++);
  subscription.on("subscribed", ({ wasRecovering, recovered }) => {
    if (wasRecovering && !recovered) {
      report.unrecovered++;
    }
  });
  subscription.on("publication", ({ data: { number } }) => {
    if (number < client.next) {
      report.repetitions++;
    } else {
      report.holes += number - client.next;
      client.next = number + 1;
    }
  });

  subscription.subscribe();
  centrifuge.connect();
  return client;
}

/* The demo page: one RelayConnection per pod, the forms, and the list of what arrives. */
import { RelayConnection } from "./relay-connection.js";

const ROWS_KEPT = 300;

const byId = (id) => document.getElementById(id);
const arrivals = byId("arrivals");
const latencies = [];
let count = 0;
let channel = null;

const pods = (await podUrls()).map((url) => ({ name: new URL(url).host, connection: new RelayConnection(url) }));
pods.forEach(show);
byId("subscribe").addEventListener("submit", subscribe);
byId("publish").addEventListener("submit", publish);
byId("clear").addEventListener("click", clear);
pods.forEach(({ connection }) => connection.connect());
changeChannel(byId("channel").value);

/** The launcher writes them beside this page; without it there is the pod that serves the page. */
async function podUrls() {
  try {
    const response = await fetch("pods.json");
    if (response.ok) {
      return await response.json();
    }
  } catch {
    // Served by hand.
  }
  return [`ws://${location.host}/connection/websocket`];
}

function show(pod) {
  const item = element("li");
  const state = element("span", "", "state");
  const button = element("button", "Disconnect");
  button.type = "button";
  button.setAttribute("aria-label", `Disconnect from ${pod.name}, or connect again`);
  button.addEventListener("click", () => (pod.connection.open ? pod.connection.disconnect() : pod.connection.connect()));
  item.append(element("strong", pod.name), state, button);
  byId("pods").append(item);
  byId("through").append(new Option(`through ${pod.name}`, pod.name));

  pod.connection.addEventListener("state", ({ detail }) => {
    item.dataset.state = detail.state;
    state.textContent = [detail.state, detail.detail].filter(Boolean).join(": ");
    button.textContent = pod.connection.open ? "Disconnect" : "Connect";
  });
  pod.connection.addEventListener("publication", ({ detail }) => arrived(pod, detail));
  pod.connection.addEventListener("subscribed", ({ detail }) => {
    if (detail.wasRecovering && !detail.recovered) {
      note(pod, detail.channel, "Something was missed here, and the history no longer has it.");
    }
  });
  pod.connection.addEventListener("unsubscribed", ({ detail }) =>
    note(pod, detail.channel, `Not subscribed: ${detail.reason}`),
  );
}

function subscribe(event) {
  event.preventDefault();
  changeChannel(byId("channel").value.trim());
}

function changeChannel(wanted) {
  for (const { connection } of pods) {
    if (channel && channel !== wanted) {
      connection.unsubscribe(channel);
    }
    connection.subscribe(wanted);
  }
  channel = wanted;
  byId("subscribed").textContent = wanted;
}

async function publish(event) {
  event.preventDefault();
  const pod = pods.find(({ name }) => name === byId("through").value);
  const data = { text: byId("text").value, sentAt: Date.now() };
  const started = performance.now();
  try {
    await pod.connection.publish(channel, data);
    byId("answer").textContent = `acknowledged in ${(performance.now() - started).toFixed(1)} ms`;
  } catch (error) {
    byId("answer").textContent = `${pod.name} says: ${error.message}`;
  }
}

function arrived(pod, { channel, publication, recovered }) {
  const latency = recovered ? null : since(publication);
  if (latency !== null) {
    latencies.push(latency);
  }
  count++;
  add(
    [
      cell(new Date().toLocaleTimeString()),
      cell(pod.name),
      cell(channel),
      cell(publication.offset ?? "–", "number"),
      cell(recovered ? "recovered" : latency === null ? "–" : `${latency} ms`, "number"),
      cell(JSON.stringify(publication.data), "data"),
    ],
    recovered ? "recovered" : "",
  );
  summarise();
}

/** Milliseconds since it was sent: by this page, by Salesforce, or at the latest into the backplane. */
function since({ data, time }) {
  const sent = data?.sentAt ?? data?.payload?.CreatedDate ?? data?.payload?.ChangeEventHeader?.commitTimestamp ?? time;
  const at = typeof sent === "string" ? Date.parse(sent) : sent;
  return Number.isFinite(at) ? Math.max(0, Date.now() - at) : null;
}

function note(pod, channel, text) {
  const message = cell(text, "data");
  message.colSpan = 3;
  add([cell(new Date().toLocaleTimeString()), cell(pod.name), cell(channel), message], "note");
}

function add(cells, kind) {
  const row = element("tr", "", kind);
  row.append(...cells);
  arrivals.prepend(row);
  while (arrivals.rows.length > ROWS_KEPT) {
    arrivals.deleteRow(-1);
  }
}

function summarise() {
  const sorted = latencies.toSorted((a, b) => a - b);
  const median = sorted.length ? `, median latency ${sorted[Math.floor(sorted.length / 2)]} ms` : "";
  byId("summary").textContent = count ? `${count} arrivals${median}` : "none yet";
}

function clear() {
  arrivals.replaceChildren();
  latencies.length = 0;
  count = 0;
  summarise();
}

function cell(text, kind = "") {
  return element("td", text, kind);
}

function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = kind;
  return made;
}

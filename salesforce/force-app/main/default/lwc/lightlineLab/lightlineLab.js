import { LightningElement, api } from 'lwc';
import { CancelledError, Mode, run } from 'c/lightlineLabRunner';
import { milliseconds } from 'c/lightlineLabStatistics';
import { EVERYBODY, EmpApiTransport, RelayTransport } from 'c/lightlineLabTransports';

const MOST_CLIENTS = 200;
const MOST_MESSAGES = 1000;
const MOST_RESULTS = 24;
const MOST_ERRORS = 5;
const CUSTOM = 'custom';

/** Often enough for eyes, and seldom enough not to be measured. */
const REFRESH = 200;

const STATES = [
    { state: 'connected', label: 'Connected' },
    { state: 'connecting', label: 'Connecting' },
    { state: 'reconnecting', label: 'Reconnecting' },
    { state: 'offline', label: 'Offline' },
    { state: 'disconnected', label: 'Closed' }
];

/**
 * The experiment: how long it takes until the first and until every client of this page has a message, over WebSockets, as platform
 * events, and over long polling. On the second tab the clients are in the visitor's own hands.
 */
export default class LightlineLab extends LightningElement {
    /** Addresses of single relay pods, separated by commas; empty for the one of the org's settings. */
    @api relays = '';
    /** Transports that the page itself knows, as of c/lightlineLabTransports. */
    @api moreTransports = [];

    modes = [Mode.ALL, Mode.EACH];
    clientsWanted = 50;
    messagesWanted = 100;
    results = [];
    progress = undefined;
    errors = [];

    transportName = undefined;
    url = '';
    /** For the relay of that address; the user's own never goes there. */
    token = '';
    clients = [];
    sender = '1';
    receiver = EVERYBODY;
    text = 'Hello';
    sent = undefined;

    _chosen = undefined;
    _open = new Map();
    _openedWith = undefined;
    _abort = undefined;
    _timer = undefined;

    disconnectedCallback() {
        this._abort?.abort();
        this.handleCloseAll();
        clearTimeout(this._timer);
    }

    get transports() {
        const urls = addresses(this.relays);
        const pods =
            urls.length > 1
                ? [
                      ...urls.map(
                          (url, index) =>
                              new RelayTransport({
                                  name: `relay-${index + 1}`,
                                  label: `WebSocket, relay pod ${index + 1}`,
                                  urls: [url]
                              })
                      ),
                      new RelayTransport({
                          name: 'relays',
                          label:
                              urls.length === 2
                                  ? 'WebSocket, both relay pods'
                                  : `WebSocket, all ${urls.length} relay pods`,
                          urls
                      })
                  ]
                : [new RelayTransport({ name: 'relays', label: 'WebSocket', urls })];
        return [
            ...pods,
            new RelayTransport({
                name: 'events',
                label: 'Platform Events over WebSocket',
                urls,
                events: true
            }),
            new EmpApiTransport(),
            ...this.moreTransports,
            new RelayTransport({
                name: CUSTOM,
                label: 'WebSocket, another relay',
                urls: addresses(this.url),
                token: this.token
            })
        ];
    }

    get chosen() {
        return (
            this._chosen ?? [
                'relays',
                'events',
                ...(this.moreTransports[0] ? [this.moreTransports[0].name] : ['empApi'])
            ]
        );
    }

    get transportOptions() {
        return this.transports.map(({ name, label }) => ({ label, value: name }));
    }

    get modeOptions() {
        return [
            { label: 'One message for all clients (the fair one)', value: Mode.ALL },
            { label: 'One message for each client (as in the original)', value: Mode.EACH }
        ];
    }

    get mostClients() {
        return MOST_CLIENTS;
    }

    get mostMessages() {
        return MOST_MESSAGES;
    }

    get running() {
        return this.progress !== undefined;
    }

    get idle() {
        return !this.running;
    }

    get customChosen() {
        return this.chosen.includes(CUSTOM) || this.transportName === CUSTOM;
    }

    /* The experiment */

    handleTransports(event) {
        this._chosen = event.detail.value;
        this.errors = [];
    }

    handleModes(event) {
        this.modes = event.detail.value;
    }

    handleClientsWanted(event) {
        this.clientsWanted = Number(event.detail.value);
    }

    handleMessagesWanted(event) {
        this.messagesWanted = Number(event.detail.value);
    }

    handleUrl(event) {
        this.url = event.detail.value;
    }

    handleToken(event) {
        this.token = event.detail.value;
    }

    async handleRun() {
        const wanted = this.transports.filter(({ name }) => this.chosen.includes(name));
        const problem = this.problem(wanted);
        if (problem) {
            this.errors = [problem];
            return;
        }
        this.handleCloseAll();
        this.errors = [];
        this._abort = new AbortController();
        const runs = this.modes.flatMap((mode) => wanted.map((transport) => ({ mode, transport })));
        try {
            for (const [index, { mode, transport }] of runs.entries()) {
                // eslint-disable-next-line no-await-in-loop -- one run must not disturb another
                await this.runOne(transport, mode, index, runs.length);
            }
        } catch (error) {
            if (!(error instanceof CancelledError)) {
                this.complain(error);
            }
        } finally {
            this.progress = undefined;
        }
    }

    handleCancel() {
        this._abort.abort();
    }

    handleClear() {
        this.results = [];
    }

    async runOne(transport, mode, index, count) {
        let shown = 0;
        const result = await run({
            transport,
            mode,
            clients: this.clientsWanted,
            messages: this.messagesWanted,
            signal: this._abort.signal,
            onProgress: (progress) => {
                const now = Date.now();
                if (progress.done === progress.of || now - shown > REFRESH) {
                    shown = now;
                    this.progress = { ...progress, label: transport.label, index, count };
                }
            }
        });
        this.results = [...this.results, result].slice(-MOST_RESULTS);
    }

    problem(wanted) {
        if (wanted.length === 0) {
            return 'Choose a transport at least.';
        }
        if (this.modes.length === 0) {
            return 'Choose a mode at least.';
        }
        if (!within(this.clientsWanted, MOST_CLIENTS)) {
            return `Choose 1 to ${MOST_CLIENTS} clients.`;
        }
        if (!within(this.messagesWanted, MOST_MESSAGES)) {
            return `Choose 1 to ${MOST_MESSAGES} messages.`;
        }
        return wanted.some(({ name }) => name === CUSTOM) ? this.problemWithUrl() : undefined;
    }

    problemWithUrl() {
        const urls = addresses(this.url);
        return urls.length > 0 && urls.every((url) => /^wss?:\/\//.test(url))
            ? undefined
            : 'Give the address of the other relay: wss://…/connection/websocket';
    }

    get progressValue() {
        const { phase, done, of, index, count } = this.progress;
        const part = phase === 'opening' ? 0 : done / of;
        return Math.round(((index + part) / count) * 100);
    }

    get progressText() {
        const { phase, done, of, label, index, count } = this.progress;
        const what =
            phase === 'opening' ? `${done} of ${of} clients are connected` : `message ${done} of ${of}`;
        return `Run ${index + 1} of ${count}, ${label}: ${what}`;
    }

    /* Clients in the visitor's hands */

    get clientTransport() {
        return this.transportName ?? this.transports.find(({ name }) => name === 'relays').name;
    }

    get counts() {
        const counts = new Map();
        this.clients.forEach(({ state }) => counts.set(state, (counts.get(state) ?? 0) + 1));
        return STATES.map(({ state, label }) => ({
            state,
            label,
            count: counts.get(state) ?? 0
        }));
    }

    get hasClients() {
        return this.clients.length > 0;
    }

    get senders() {
        return this.clients.map(({ id }) => ({ label: `Client ${id}`, value: String(id) }));
    }

    get receivers() {
        return [{ label: 'All clients', value: EVERYBODY }, ...this.senders];
    }

    get cannotSend() {
        return this._open.get(Number(this.sender))?.view.state !== 'connected';
    }

    get sentText() {
        const { heard, expected, first, total } = this.sent;
        return (
            `${heard} of ${expected} clients have it; first after ${milliseconds(first)}` +
            (total === undefined ? '' : `, all after ${milliseconds(total)}`)
        );
    }

    handleTransport(event) {
        this.transportName = event.detail.value;
        this.handleCloseAll();
        this.clients = [];
    }

    handleOpenAll() {
        const transport = this.transports.find(({ name }) => name === this.clientTransport);
        const problem =
            this.problem([transport]) ?? (transport.name === CUSTOM ? this.problemWithUrl() : undefined);
        this.errors = problem ? [problem] : [];
        if (problem) {
            return;
        }
        this.handleCloseAll();
        this._open.clear();
        this._openedWith = transport;
        for (let id = 1; id <= this.clientsWanted; id++) {
            this.open(id);
        }
        this.refresh();
    }

    handleCloseAll() {
        this._open.forEach(({ client, view }) => {
            if (view.state !== 'disconnected') {
                client.close();
            }
        });
    }

    handleOpen(event) {
        this.open(event.detail.id);
    }

    handleClose(event) {
        this._open.get(event.detail.id).client.close();
    }

    handleAddress(event) {
        this.receiver = String(event.detail.id);
        this.template.querySelector('[data-name="text"]').focus();
    }

    handleSender(event) {
        this.sender = event.detail.value;
    }

    handleReceiver(event) {
        this.receiver = event.detail.value;
    }

    handleText(event) {
        this.text = event.detail.value;
    }

    async handleSend() {
        const message = {
            message: this.text,
            sentAt: String(Date.now()),
            sender: this.sender,
            receiver: this.receiver
        };
        const open = [...this._open.values()].filter(({ view }) => view.state === 'connected').length;
        this.sent = {
            message,
            began: performance.now(),
            heard: 0,
            expected: this.receiver === EVERYBODY ? open : 1
        };
        try {
            await this._openedWith.send([message], (name) => this._open.get(Number(name)).client);
        } catch (error) {
            this.complain(error);
        }
    }

    open(id) {
        const view = { id, state: 'connecting', pod: '', last: undefined, heard: 0 };
        const entry = { view, client: undefined };
        this._open.set(id, entry);
        entry.client = this._openedWith.open(id, {
            onState: (state) => {
                view.state = state;
                view.pod = entry.client?.pod ?? '';
                this.refreshSoon();
            },
            onError: (error) => this.complain(error),
            onMessage: (message, { offset, pod }) => this.heard(view, message, offset, pod)
        });
    }

    heard(view, message, offset, pod) {
        const forMe = message.receiver === String(view.id);
        if (message.receiver !== EVERYBODY && !forMe) {
            return;
        }
        view.last = {
            message: message.message,
            sender: `Client ${message.sender}`,
            private: forMe,
            offset,
            latency: Math.max(0, Date.now() - Number(message.sentAt))
        };
        view.pod = pod;
        view.heard++;
        this.time(message, view);
        this.refreshSoon();
    }

    /** Takes the time of what was sent last from here. */
    time({ sentAt, sender }, view) {
        const { sent } = this;
        if (sent && sent.message.sentAt === sentAt && sent.message.sender === sender) {
            const elapsed = performance.now() - sent.began;
            const heard = sent.heard + 1;
            this.sent = {
                ...sent,
                heard,
                first: sent.first ?? elapsed,
                total: heard === sent.expected ? elapsed : undefined
            };
            view.last.latency = elapsed;
        }
    }

    complain(error) {
        const text = error.body?.message ?? error.message ?? JSON.stringify(error);
        this.errors = [...new Set([...this.errors, text])].slice(-MOST_ERRORS);
    }

    refreshSoon() {
        // eslint-disable-next-line @lwc/lwc/no-async-operation -- many changes are shown at once; cleared with the component
        this._timer ??= setTimeout(() => this.refresh(), REFRESH);
    }

    refresh() {
        clearTimeout(this._timer);
        this._timer = undefined;
        this.clients = [...this._open.values()].map(({ view }) => ({ ...view }));
    }
}

function addresses(text) {
    return (text ?? '')
        .split(',')
        .map((address) => address.trim())
        .filter((address) => address.length > 0);
}

function within(value, most) {
    return Number.isInteger(value) && value >= 1 && value <= most;
}

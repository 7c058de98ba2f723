/* A relay for unit tests: a WebSocket whose other end the test plays. */

/** Lets promises go on that wait for nothing but each other. */
export async function settled() {
    for (let turn = 0; turn < 20; turn++) {
        // eslint-disable-next-line no-await-in-loop -- one turn after the other
        await Promise.resolve();
    }
}

export class FakeSocket {
    static all = [];

    static get latest() {
        return FakeSocket.all[FakeSocket.all.length - 1];
    }

    static install() {
        FakeSocket.all = [];
        globalThis.WebSocket = FakeSocket;
    }

    constructor(url) {
        this.url = url;
        this.sent = [];
        this.isClosed = false;
        FakeSocket.all.push(this);
    }

    send(text) {
        this.sent.push(...text.split('\n').map((line) => JSON.parse(line)));
    }

    close() {
        this.isClosed = true;
    }

    /** What the client has asked, by the name of the command. */
    commands(name) {
        return this.sent.filter((command) => command[name]);
    }

    command(name) {
        const all = this.commands(name);
        return all[all.length - 1];
    }

    /** In one frame. */
    async receives(...messages) {
        this.onmessage({ data: messages.map((message) => JSON.stringify(message)).join('\n') });
        await settled();
    }

    /** The reply to the latest command of a name. */
    async replies(name, reply = {}) {
        await this.receives({ id: this.command(name).id, [name]: reply });
    }

    async refuses(name, code, message = 'refused', temporary = undefined) {
        await this.receives({ id: this.command(name).id, error: { code, message, temporary } });
    }

    async pushes(push) {
        await this.receives({ push });
    }

    async breaks(code = 1006, reason = '') {
        this.onclose({ code, reason });
        await settled();
    }

    /** The socket opens, and the relay lets the client in. */
    async welcomes(reply = {}) {
        await settled();
        this.onopen();
        await this.replies('connect', { client: 'c-1', node: 'relay-1', ping: 25, pong: true, ...reply });
    }
}

/** Publications with these offsets. */
export function publications(...offsets) {
    return offsets.map((offset) => ({ data: { number: offset }, offset }));
}

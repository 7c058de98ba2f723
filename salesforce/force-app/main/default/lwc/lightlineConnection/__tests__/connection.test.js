import { Connection } from 'c/lightlineConnection';
import { FakeSocket, settled } from '../../../../../test/fakeRelay';

const URL = 'wss://relay.example/connection/websocket';

/** Until the relay counts as dead, with its ping every 25 seconds. */
const SILENCE = 35000;

describe('c-lightline-connection: the connection', () => {
    let connection;
    let states;
    let errors;
    let isOnline;

    beforeEach(() => {
        jest.useFakeTimers();
        jest.spyOn(Math, 'random').mockReturnValue(0.5);
        isOnline = true;
        jest.spyOn(navigator, 'onLine', 'get').mockImplementation(() => isOnline);
        FakeSocket.install();
        states = [];
        errors = [];
    });

    afterEach(() => {
        connection.close();
        jest.useRealTimers();
        jest.restoreAllMocks();
    });

    function create(options = {}) {
        connection = new Connection({
            url: URL,
            onState: (state, { code, message }) =>
                states.push(code === undefined ? state : [state, code, message]),
            onError: (error) => errors.push(error),
            ...options
        });
        return connection;
    }

    async function connected(options, reply) {
        create(options).connect();
        await settled();
        await FakeSocket.latest.welcomes(reply);
        states = [];
        return FakeSocket.latest;
    }

    /** Waits for a while, and lets what is due then happen. */
    async function wait(milliseconds) {
        jest.advanceTimersByTime(milliseconds);
        await settled();
    }

    async function goes(online) {
        isOnline = online;
        window.dispatchEvent(new CustomEvent(online ? 'online' : 'offline'));
        await settled();
    }

    describe('when it connects', () => {
        it('introduces itself, and knows its id and its pod', async () => {
            // given
            const promise = create({ token: async () => 'jwt' }).connect();
            await settled();

            // when
            await FakeSocket.latest.welcomes({ client: 'c-7', node: 'relay-2' });

            // then
            await promise;
            expect(FakeSocket.latest.url).toBe(URL);
            expect(FakeSocket.latest.sent).toEqual([
                { id: 1, connect: { token: 'jwt', subs: {}, name: 'lightline-lwc' } }
            ]);
            expect([connection.client, connection.node]).toEqual(['c-7', 'relay-2']);
            expect(states).toEqual(['connecting', 'connected']);
        });

        it('is one connection, however often it is asked to', async () => {
            const promises = [create().connect(), connection.connect()];
            await settled();

            expect(promises[0]).toBe(promises[1]);
            expect(FakeSocket.all).toHaveLength(1);
        });

        it('asks for no token that nobody has', async () => {
            create().connect();
            await settled();
            await FakeSocket.latest.welcomes();

            expect(FakeSocket.latest.command('connect').connect.token).toBe('');
        });

        it('carries out what it was asked to meanwhile', async () => {
            // given
            create().connect();
            const published = connection.publish('chat:a', { text: 'hi' });
            await settled();

            // when
            await FakeSocket.latest.welcomes();
            await FakeSocket.latest.replies('publish');

            // then
            await expect(published).resolves.toBeUndefined();
            expect(FakeSocket.latest.commands('publish')).toHaveLength(1);
        });

        it('carries out later what it was asked to, however many attempts that takes', async () => {
            // given
            create().connect();
            const history = connection.history('chat:a');
            await settled();

            // when
            await FakeSocket.latest.breaks();
            await wait(250);
            await FakeSocket.latest.welcomes();
            await FakeSocket.latest.replies('history', { epoch: 'e' });

            // then
            await expect(history).resolves.toMatchObject({ epoch: 'e' });
        });

        it('gives up on a relay that does not let it in within 15 seconds, and tries again', async () => {
            // given
            create().connect();
            await settled();

            // when
            await wait(15001);
            await wait(500);

            // then
            expect(FakeSocket.all).toHaveLength(2);
            expect(FakeSocket.all[0].isClosed).toBe(true);
        });

        it('fetches a new token when the relay says that this one has expired, and comes back at once', async () => {
            // given
            const token = jest.fn().mockResolvedValueOnce('old').mockResolvedValueOnce('new');
            create({ token }).connect();
            await settled();

            // when
            FakeSocket.latest.onopen();
            await FakeSocket.latest.refuses('connect', 109, 'token expired');
            await wait(0);
            await FakeSocket.latest.welcomes();

            // then
            expect(FakeSocket.latest.command('connect').connect.token).toBe('new');
            expect(connection.state).toBe('connected');
        });

        it('slows down when every token has expired', async () => {
            // given
            create({ token: async () => 'old' }).connect();
            await settled();
            const refuse = async () => {
                FakeSocket.latest.onopen();
                await FakeSocket.latest.refuses('connect', 110, 'expired');
            };

            // when
            await refuse();
            await wait(0);
            await refuse();
            await wait(0);

            // then
            expect(FakeSocket.all).toHaveLength(2);
            await wait(500);
            expect(FakeSocket.all).toHaveLength(3);
        });

        it('tries again when the relay says that it may help', async () => {
            // given
            create().connect();
            await settled();

            // when
            FakeSocket.latest.onopen();
            await FakeSocket.latest.refuses('connect', 100, 'internal server error', true);
            await wait(250);

            // then
            expect(errors).toEqual([{ code: 100, message: 'internal server error', temporary: true }]);
            expect(FakeSocket.all).toHaveLength(2);
            expect(connection.state).toBe('connecting');
        });

        it('gives up when the relay does not want it', async () => {
            // given
            const promise = create().connect();
            await settled();

            // when
            FakeSocket.latest.onopen();
            await FakeSocket.latest.refuses('connect', 102, 'unknown channel: nowhere:1');

            // then
            await expect(promise).rejects.toMatchObject({ code: 102, message: 'unknown channel: nowhere:1' });
            expect(states).toEqual(['connecting', ['disconnected', 102, 'unknown channel: nowhere:1']]);
            expect(jest.getTimerCount()).toBe(0);
        });

        it('tries again when the token cannot be fetched now', async () => {
            // given
            const token = jest
                .fn()
                .mockRejectedValueOnce({ body: { message: 'Apex is busy' } })
                .mockResolvedValueOnce('jwt');
            create({ token }).connect();
            await settled();

            // when
            await wait(250);
            await FakeSocket.latest.welcomes();

            // then
            expect(errors).toEqual([{ code: 0, message: 'Apex is busy', temporary: true }]);
            expect(connection.state).toBe('connected');
        });

        it('tries again when fetching a token throws at once', async () => {
            const token = jest
                .fn()
                .mockImplementationOnce(() => {
                    throw new Error('no network');
                })
                .mockReturnValue('jwt');
            create({ token }).connect();
            await settled();

            await wait(250);
            await FakeSocket.latest.welcomes();

            expect(FakeSocket.latest.command('connect').connect.token).toBe('jwt');
        });

        it('gives up when there will be no token', async () => {
            const token = jest.fn().mockRejectedValue({ message: 'no permission', temporary: false });

            const promise = create({ token }).connect();

            await expect(promise).rejects.toMatchObject({ message: 'no permission' });
            expect(FakeSocket.all).toHaveLength(0);
        });

        it('gives up on an address that is none', async () => {
            globalThis.WebSocket = class {
                constructor() {
                    throw new SyntaxError('no address');
                }
            };

            await expect(create().connect()).rejects.toMatchObject({ message: 'no address' });
        });
    });

    describe('when it is lost', () => {
        it.each([
            [1006, ''],
            [1001, 'going away'],
            [3001, 'shutdown'],
            [3012, 'no pong'],
            [3499, ''],
            [4000, 'token not valid yet'],
            [4499, '']
        ])('comes back after %i', async (code, reason) => {
            // given
            const socket = await connected();

            // when
            await socket.breaks(code, reason);
            const early = FakeSocket.all.length;
            await wait(250);
            await FakeSocket.latest.welcomes();

            // then
            expect(early).toBe(1);
            expect(states).toEqual([['reconnecting', code, reason], 'connected']);
        });

        it.each([
            [3500, 'invalid token'],
            [3503, 'force disconnect'],
            [3999, ''],
            [4500, 'unknown issuer'],
            [4505, 'origin not allowed']
        ])('stays away after %i', async (code, reason) => {
            // given
            const socket = await connected();

            // when
            await socket.breaks(code, reason);
            await wait(60000);

            // then
            expect(states).toEqual([['disconnected', code, reason]]);
            expect(FakeSocket.all).toHaveLength(1);
            expect(jest.getTimerCount()).toBe(0);
        });

        it('waits longer and longer, up to 30 seconds', async () => {
            // given
            await connected();
            Math.random.mockReturnValue(0.999999);
            const waits = [];

            // when
            for (let attempt = 0; attempt < 9; attempt++) {
                const count = FakeSocket.all.length;
                FakeSocket.latest.onclose({ code: 1006, reason: '' });
                let waited = 0;
                while (FakeSocket.all.length === count) {
                    waited += 500;
                    // eslint-disable-next-line no-await-in-loop -- step by step
                    await wait(500);
                }
                waits.push(waited);
            }

            // then
            expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
        });

        it('begins to count anew after a connection that held', async () => {
            // given
            await connected();
            for (let attempt = 0; attempt < 3; attempt++) {
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await FakeSocket.latest.breaks();
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await wait(2000);
            }
            await FakeSocket.latest.welcomes();
            await wait(10000);
            const count = FakeSocket.all.length;

            // when
            await FakeSocket.latest.breaks();
            await wait(250);

            // then
            expect(FakeSocket.all).toHaveLength(count + 1);
        });

        it('does not hammer a relay that lets it in and throws it out', async () => {
            // given
            await connected();
            await FakeSocket.latest.breaks(3004);
            await wait(250);
            await FakeSocket.latest.welcomes();

            // when
            await FakeSocket.latest.breaks(3004);
            await wait(250);

            // then
            expect(FakeSocket.all).toHaveLength(2);
            await wait(250);
            expect(FakeSocket.all).toHaveLength(3);
        });

        it('says of everything that was under way that nobody knows', async () => {
            // given
            const socket = await connected();
            const published = connection.publish('chat:a', 1);

            // when
            socket.onclose({ code: 1006, reason: '' });

            // then
            await expect(published).rejects.toMatchObject({ code: 0, temporary: true });
        });

        it('publishes nothing later, and asks later what is asked meanwhile', async () => {
            // given
            const socket = await connected();
            await socket.breaks();

            // when
            const published = connection.publish('chat:a', 1);
            const stats = connection.presenceStats('chat:a');
            await expect(published).rejects.toMatchObject({ code: 0, temporary: true });
            await wait(250);
            await FakeSocket.latest.welcomes();
            await FakeSocket.latest.replies('presence_stats', { num_clients: 3, num_users: 2 });

            // then
            await expect(stats).resolves.toEqual({ clients: 3, users: 2 });
            expect(FakeSocket.latest.commands('publish')).toHaveLength(0);
        });

        it('keeps its token for the next time', async () => {
            const token = jest.fn().mockResolvedValue('jwt');
            const socket = await connected({ token }, { expires: true, ttl: 300 });

            await socket.breaks();
            await wait(250);
            await FakeSocket.latest.welcomes();

            expect(token).toHaveBeenCalledTimes(1);
        });

        it.each([
            ['has ended meanwhile', 1006, 300000],
            ['has ended, as the relay says', 3005, 250]
        ])('fetches a new token when the old one %s', async (what, code, away) => {
            // given
            const token = jest.fn().mockResolvedValue('jwt');
            const socket = await connected({ token }, { expires: true, ttl: 300 });
            isOnline = false;

            // when
            await socket.breaks(code);
            jest.setSystemTime(Date.now() + away);
            await goes(true);
            await wait(250);

            // then
            expect(token).toHaveBeenCalledTimes(2);
        });

        it('counts what it cannot read as a lost connection', async () => {
            const socket = await connected();

            socket.onmessage({ data: 'no JSON' });
            await wait(250);

            expect(states[0][0]).toBe('reconnecting');
            expect(FakeSocket.all).toHaveLength(2);
        });

        it('does not listen to a socket that it has given up', async () => {
            // given
            const socket = await connected();
            await socket.breaks();
            await wait(250);
            await FakeSocket.latest.welcomes();

            // when
            socket.onclose({ code: 3500, reason: 'late' });
            socket.onmessage({ data: '{}' });

            // then
            expect(connection.state).toBe('connected');
            expect(FakeSocket.latest.sent).toHaveLength(1);
        });
    });

    describe('when the relay is silent', () => {
        it('answers its pings', async () => {
            const socket = await connected();

            await socket.receives({});

            expect(socket.sent[socket.sent.length - 1]).toEqual({});
        });

        it('stays as long as there is a ping in time', async () => {
            const socket = await connected();

            for (let ping = 0; ping < 5; ping++) {
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await wait(30000);
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await socket.receives({});
            }

            expect(connection.state).toBe('connected');
        });

        it('takes it for dead after a ping that does not come', async () => {
            const socket = await connected();

            await wait(SILENCE);
            const early = connection.state;
            await wait(1);

            expect(early).toBe('connected');
            expect(socket.isClosed).toBe(true);
            expect(states).toEqual([['reconnecting', 0, 'silence']]);
        });

        it('judges when a tab wakes whose timers stood still', async () => {
            // given
            await connected();

            // when
            jest.setSystemTime(Date.now() + SILENCE + 1);
            document.dispatchEvent(new CustomEvent('visibilitychange'));

            // then
            expect(connection.state).toBe('reconnecting');
        });

        it('does not mind that the timers of a hidden tab stand still while pings come', async () => {
            // given
            const socket = await connected();

            // when
            for (let ping = 0; ping < 10; ping++) {
                jest.setSystemTime(Date.now() + 25000);
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await socket.receives({});
            }
            document.dispatchEvent(new CustomEvent('visibilitychange'));

            // then
            expect(connection.state).toBe('connected');
        });
    });

    describe('when the network goes and comes', () => {
        it('is offline at once, and back soon after', async () => {
            // given
            const socket = await connected();

            // when
            await goes(false);
            const offline = connection.state;
            await goes(true);
            await wait(250);
            await FakeSocket.latest.welcomes();

            // then
            expect(socket.isClosed).toBe(true);
            expect(offline).toBe('offline');
            expect(states).toEqual([['offline', 0, 'offline'], 'reconnecting', 'connected']);
        });

        it('tries now and then all the same, as browsers may be wrong', async () => {
            await connected();
            await goes(false);

            await wait(250);
            await FakeSocket.latest.welcomes();

            expect(connection.state).toBe('connected');
        });

        it('does not wait for its turn when somebody looks at the page', async () => {
            // given
            await connected();
            for (let attempt = 0; attempt < 6; attempt++) {
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await FakeSocket.latest.breaks();
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await wait(16000);
            }
            await FakeSocket.latest.breaks();
            const count = FakeSocket.all.length;

            // when
            document.dispatchEvent(new CustomEvent('visibilitychange'));
            await wait(250);

            // then
            expect(FakeSocket.all).toHaveLength(count + 1);
        });

        it('does nothing about it while it is connected and all is well', async () => {
            await connected();

            await goes(true);
            document.dispatchEvent(new CustomEvent('visibilitychange'));
            await wait(1000);

            expect(states).toEqual([]);
            expect(FakeSocket.all).toHaveLength(1);
        });
    });

    describe('when its token ends', () => {
        it('hands over a new one before, and stays', async () => {
            // given
            const token = jest
                .fn()
                .mockResolvedValueOnce('one')
                .mockResolvedValueOnce('two')
                .mockResolvedValue('three');
            const socket = await connected({ token }, { expires: true, ttl: 300, ping: 1000 });

            // when
            await wait(239999);
            const early = socket.commands('refresh').length;
            await wait(1);
            await socket.replies('refresh', { expires: true, ttl: 300 });
            await wait(240000);

            // then
            expect(early).toBe(0);
            expect(socket.commands('refresh').map(({ refresh }) => refresh.token)).toEqual(['two', 'three']);
            expect(states).toEqual([]);
        });

        it('is reminded of it by the pings in a hidden tab', async () => {
            // given
            const token = jest.fn().mockResolvedValue('jwt');
            const socket = await connected({ token }, { expires: true, ttl: 300 });

            // when
            for (let ping = 0; ping < 10; ping++) {
                jest.setSystemTime(Date.now() + 25000);
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await socket.receives({});
            }

            // then
            expect(socket.commands('refresh')).toHaveLength(1);
        });

        it('tries again when there is no new one now', async () => {
            // given
            const token = jest
                .fn()
                .mockResolvedValueOnce('one')
                .mockRejectedValueOnce(new Error('Apex is busy'))
                .mockResolvedValueOnce('two');
            const socket = await connected({ token }, { expires: true, ttl: 60 });

            // when
            await wait(30000);
            await socket.receives({});
            await wait(5000);

            // then
            expect(errors).toEqual([{ code: 0, message: 'Apex is busy', temporary: true }]);
            expect(socket.command('refresh').refresh.token).toBe('two');
        });

        it('renews it earlier when the relay has moved the end', async () => {
            const token = jest.fn().mockResolvedValue('jwt');
            const socket = await connected({ token }, { expires: true, ttl: 3600 });

            await socket.pushes({ refresh: { expires: true, ttl: 10 } });
            await wait(5000);

            expect(socket.commands('refresh')).toHaveLength(1);
        });

        it('does not hand it over on a connection that is gone', async () => {
            // given
            let answer;
            const token = jest
                .fn()
                .mockResolvedValueOnce('one')
                .mockReturnValueOnce(
                    new Promise((resolve) => {
                        answer = resolve;
                    })
                );
            const socket = await connected({ token }, { expires: true, ttl: 20 });
            await wait(10000);

            // when
            await socket.breaks();
            answer('two');
            await wait(250);
            await FakeSocket.latest.welcomes();

            // then
            expect(FakeSocket.all.flatMap((one) => one.commands('refresh'))).toEqual([]);
            expect(errors).toEqual([]);
        });
    });

    describe('when it is closed', () => {
        it('stays away, has no timer and listens to nothing', async () => {
            // given
            const socket = await connected();

            // when
            connection.close();
            await goes(false);
            await goes(true);
            await wait(60000);

            // then
            expect(socket.isClosed).toBe(true);
            expect(states).toEqual([['disconnected', 0, 'closed']]);
            expect([connection.client, connection.node]).toEqual([undefined, undefined]);
            expect(FakeSocket.all).toHaveLength(1);
            expect(jest.getTimerCount()).toBe(0);
        });

        it('refuses what it is asked', async () => {
            await connected();
            connection.close();

            await expect(connection.publish('chat:a', 1)).rejects.toMatchObject({ code: 0 });
            await expect(connection.history('chat:a')).rejects.toMatchObject({ code: 0 });
        });

        it('refuses what it was asked before it was there', async () => {
            const promise = create().connect();
            const history = connection.history('chat:a');

            connection.close();

            await expect(promise).rejects.toMatchObject({ message: 'closed' });
            await expect(history).rejects.toMatchObject({ code: 0 });
        });

        it('does not dial with a token that comes later', async () => {
            create({ token: async () => 'jwt' }).connect();
            connection.close();

            await settled();

            expect(FakeSocket.all).toHaveLength(0);
        });

        it('holds when it is called by who is told of an error', async () => {
            // given
            create({ onError: () => connection.close() }).connect();
            await settled();

            // when
            FakeSocket.latest.onopen();
            await FakeSocket.latest.refuses('connect', 100, 'internal server error', true);
            await wait(60000);

            // then
            expect(connection.state).toBe('disconnected');
            expect(FakeSocket.all).toHaveLength(1);
            expect(jest.getTimerCount()).toBe(0);
        });

        it('may be connected again by who is told of the end', async () => {
            // given
            let isFirst = true;
            const socket = await connected({
                onState: (state) => {
                    if (state === 'disconnected' && isFirst) {
                        isFirst = false;
                        connection.connect();
                    }
                }
            });

            // when
            await socket.breaks(3503, 'force disconnect');
            await FakeSocket.latest.welcomes();

            // then
            await expect(connection.connect()).resolves.toBeUndefined();
            expect(connection.state).toBe('connected');
        });

        it('may be connected again', async () => {
            await connected();
            connection.close();

            connection.connect();
            await settled();
            await FakeSocket.latest.welcomes();

            expect(connection.state).toBe('connected');
        });
    });

    describe('what it is asked', () => {
        it('is answered with an error where the relay refuses', async () => {
            // given
            const socket = await connected();
            const published = connection.publish('secret:a', 1);

            // when
            await socket.refuses('publish', 103, 'permission denied');

            // then
            await expect(published).rejects.toMatchObject({
                code: 103,
                message: 'permission denied',
                temporary: false
            });
        });

        it('reads history', async () => {
            // given
            const socket = await connected();
            const since = { offset: 4, epoch: 'e' };
            const history = connection.history('chat:a', { limit: 2, since, reverse: true });

            // when
            await socket.replies('history', {
                epoch: 'e',
                offset: 9,
                publications: [
                    { data: 1, offset: 3, info: { client: 'c', user: 'u', conn_info: { name: 'Ada' } } }
                ]
            });

            // then
            expect(socket.command('history').history).toEqual({
                channel: 'chat:a',
                limit: 2,
                since,
                reverse: true
            });
            await expect(history).resolves.toEqual({
                epoch: 'e',
                offset: 9,
                publications: [
                    {
                        channel: 'chat:a',
                        data: 1,
                        offset: 3,
                        epoch: 'e',
                        info: { client: 'c', user: 'u', connInfo: { name: 'Ada' } }
                    }
                ]
            });
        });

        it('reads a history in which nothing is', async () => {
            const socket = await connected();
            const history = connection.history('chat:a');

            await socket.replies('history', { epoch: 'e' });

            await expect(history).resolves.toEqual({ epoch: 'e', offset: 0, publications: [] });
        });

        it('lists who is there', async () => {
            // given
            const socket = await connected();
            const presence = connection.presence('chat:a');

            // when
            await socket.replies('presence', { presence: { c: { client: 'c', chan_info: { desk: 7 } } } });

            // then
            await expect(presence).resolves.toEqual([{ client: 'c', user: '', chanInfo: { desk: 7 } }]);
        });

        it('lists nobody and counts nobody where nobody is', async () => {
            const socket = await connected();
            const presence = connection.presence('chat:a');
            const stats = connection.presenceStats('chat:a');

            await socket.replies('presence', {});
            await socket.replies('presence_stats', {});

            await expect(presence).resolves.toEqual([]);
            await expect(stats).resolves.toEqual({ clients: 0, users: 0 });
        });

        it('is refused when too much of it waits for its reply', async () => {
            // given
            await connected();
            const many = Array.from({ length: 1000 }, () => connection.history('chat:a'));
            many.forEach((one) => one.catch(() => {}));

            // when
            const refused = connection.history('chat:a');

            // then
            await expect(refused).rejects.toMatchObject({ code: 106, temporary: true });
        });

        it('does not keep the connection away, however much waits for it', async () => {
            // given
            const socket = await connected();
            await socket.breaks();
            const many = Array.from({ length: 1000 }, () => connection.history('chat:a'));
            many.forEach((one) => one.catch(() => {}));

            // when
            await wait(1000);
            await FakeSocket.latest.welcomes();

            // then
            expect(connection.state).toBe('connected');
        });

        it('is not refused for what has its reply already', async () => {
            const socket = await connected();

            for (let number = 0; number < 1001; number++) {
                const stats = connection.presenceStats('chat:a');
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await socket.replies('presence_stats', {});
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await stats;
            }

            expect(socket.commands('presence_stats')).toHaveLength(1001);
        });

        it('is not disturbed by replies that nobody waits for', async () => {
            const socket = await connected();

            await socket.receives({ id: 999, publish: {} }, { id: 1000, error: { code: 100, message: 'x' } });

            expect(connection.state).toBe('connected');
        });
    });

    it('writes what happens to a log, and no message', async () => {
        // given
        const log = jest.fn();
        const socket = await connected({ log });

        // when
        connection.subscribe('chat:a', {});
        await settled();
        await socket.replies('subscribe', {});
        await socket.pushes({ channel: 'chat:a', pub: { data: 'secret' } });
        await socket.breaks();

        // then
        expect(log.mock.calls.map(([what]) => what)).toEqual(['connecting', 'connected', 'reconnecting']);
        expect(JSON.stringify(log.mock.calls)).not.toContain('secret');
    });
});

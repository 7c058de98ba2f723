import { Connection } from 'c/lightlineConnection';
import { FakeSocket, publications, settled } from '../../../../../test/fakeRelay';

const CHANNEL = 'chat:a';
const STREAM = { recoverable: true, positioned: true, epoch: 'e' };
const EVEN = { key: 'kind', cmp: 'eq', val: 'even' };
const ODD = { key: 'kind', cmp: 'eq', val: 'odd' };

describe('c-lightline-connection: subscriptions', () => {
    let connection;
    let errors;

    beforeEach(async () => {
        jest.useFakeTimers();
        jest.spyOn(Math, 'random').mockReturnValue(0.5);
        FakeSocket.install();
        errors = [];
        connection = new Connection({ url: 'wss://relay.example', onError: (error) => errors.push(error) });
        connection.connect();
        await settled();
    });

    afterEach(() => {
        connection.close();
        jest.useRealTimers();
        jest.restoreAllMocks();
    });

    /** A subscriber with what it has heard: numbers of publications, and states. */
    function subscriber(options = {}, channel = CHANNEL) {
        const heard = [];
        const states = [];
        const subscription = connection.subscribe(channel, {
            onPublication: ({ data }) => heard.push(data.number ?? data),
            onState: (state, detail) => states.push([state, detail]),
            ...options
        });
        return { subscription, heard, states };
    }

    async function subscribed(options, reply = { ...STREAM, offset: 0 }) {
        const one = subscriber(options);
        await settled();
        await FakeSocket.latest.replies('subscribe', reply);
        return one;
    }

    async function publish(...numbers) {
        for (const pub of publications(...numbers)) {
            const tags = { kind: pub.offset % 2 ? 'odd' : 'even' };
            // eslint-disable-next-line no-await-in-loop -- one after the other
            await FakeSocket.latest.pushes({ channel: CHANNEL, pub: { ...pub, tags } });
        }
    }

    async function reconnected(reply) {
        await FakeSocket.latest.breaks();
        await wait(500);
        await FakeSocket.latest.welcomes(reply);
        return FakeSocket.latest;
    }

    async function wait(milliseconds) {
        jest.advanceTimersByTime(milliseconds);
        await settled();
    }

    /** The request of the latest subscribe command. */
    function asked() {
        return FakeSocket.latest.command('subscribe').subscribe;
    }

    describe('while the connection comes and goes', () => {
        it('wait until it is there', async () => {
            // given
            const one = subscriber();

            // when
            await FakeSocket.latest.welcomes();
            await FakeSocket.latest.replies('subscribe', STREAM);
            await publish(1, 2);

            // then
            expect(asked()).toEqual({ channel: CHANNEL });
            expect(one.heard).toEqual([1, 2]);
            expect(one.states).toEqual([['subscribed', { wasRecovering: false, recovered: false }]]);
            expect(one.subscription).toMatchObject({
                channel: CHANNEL,
                state: 'subscribed',
                position: { offset: 2, epoch: 'e' }
            });
        });

        it('know where they begin before anything comes', async () => {
            await FakeSocket.latest.welcomes();

            const one = await subscribed({}, { ...STREAM, offset: 6 });

            expect(one.subscription.position).toEqual({ offset: 6, epoch: 'e' });
        });

        it('go on from their position', async () => {
            // given
            await FakeSocket.latest.welcomes();
            const one = await subscribed();
            await publish(1, 2);

            // when
            const socket = await reconnected();
            await socket.replies('subscribe', {
                ...STREAM,
                offset: 2,
                was_recovering: true,
                recovered: true,
                publications: publications(3, 4)
            });
            await publish(5);

            // then
            expect(asked()).toEqual({ channel: CHANNEL, recover: true, epoch: 'e', offset: 2 });
            expect(one.heard).toEqual([1, 2, 3, 4, 5]);
            expect(one.states.slice(1)).toEqual([
                ['subscribing', { code: 1006, message: '' }],
                ['subscribed', { wasRecovering: true, recovered: true }]
            ]);
        });

        it('are told what cannot be had any more, and go on from there', async () => {
            // given
            await FakeSocket.latest.welcomes();
            const one = await subscribed();
            await publish(1);

            // when
            let socket = await reconnected();
            const reply = {
                recoverable: true,
                epoch: 'f',
                offset: 7,
                was_recovering: true,
                recovered: false
            };
            await socket.replies('subscribe', reply);
            socket = await reconnected();

            // then
            expect(one.states[2]).toEqual(['subscribed', { wasRecovering: true, recovered: false }]);
            expect(asked()).toMatchObject({ epoch: 'f', offset: 7 });
        });

        it('hear what a channel says in a new life, though it counts from the beginning again', async () => {
            // given
            await FakeSocket.latest.welcomes();
            const one = await subscribed();
            await publish(1, 2, 3);

            // when
            const socket = await reconnected();
            await socket.replies('subscribe', { recoverable: true, epoch: 'f', was_recovering: true });
            await publish(1);

            // then
            expect(one.heard).toEqual([1, 2, 3, 1]);
        });

        it('know their position in the middle of what they missed', async () => {
            // given
            await FakeSocket.latest.welcomes();
            const one = await subscribed();
            const middle = { ...STREAM, offset: 0, was_recovering: true, recovered: true };

            // when
            let socket = await reconnected();
            await socket.replies('subscribe', { ...middle, publications: publications(1) });
            await publish(2);
            socket = await reconnected();

            // then
            expect(asked()).toMatchObject({ epoch: 'e', offset: 2 });
            expect(one.heard).toEqual([1, 2]);
            expect(socket.commands('subscribe')).toHaveLength(1);
        });

        it('do not ask for what they do not want', async () => {
            await FakeSocket.latest.welcomes();
            await subscribed({ recoverable: false });
            await publish(1);

            await reconnected();

            expect(asked()).toEqual({ channel: CHANNEL });
        });

        it('follow a channel without history', async () => {
            // given
            await FakeSocket.latest.welcomes();
            const one = await subscribed({}, {});
            const pub = { data: 'first' };

            // when
            await FakeSocket.latest.pushes({ channel: CHANNEL, pub });
            const socket = await reconnected();
            await socket.replies('subscribe', {});
            await socket.pushes({ channel: CHANNEL, pub: { data: 'second' } });

            // then
            expect(one.heard).toEqual(['first', 'second']);
            expect(one.subscription.position).toBeUndefined();
        });

        it('get the latest value of a channel that keeps just that', async () => {
            await FakeSocket.latest.welcomes();

            const one = await subscribed({}, { ...STREAM, offset: 9, publications: publications(9) });
            await publish(10);

            expect(one.heard).toEqual([9, 10]);
        });

        it('end when the relay closes for good', async () => {
            await FakeSocket.latest.welcomes();
            const one = await subscribed();

            await FakeSocket.latest.breaks(3503, 'force disconnect');

            expect(one.states[2]).toEqual(['unsubscribed', { code: 3503, message: 'force disconnect' }]);
        });

        it('may be asked for while others are told that the connection is lost', async () => {
            // given
            await FakeSocket.latest.welcomes();
            let second;
            await subscribed({
                onState: (state) => {
                    second ??= state === 'subscribing' ? subscriber({}, 'chat:b') : undefined;
                }
            });

            // when
            const socket = await reconnected();

            // then
            expect(socket.commands('subscribe').map(({ subscribe }) => subscribe.channel)).toEqual([
                CHANNEL,
                'chat:b'
            ]);
            expect(errors).toEqual([]);
        });

        it('may publish while they are told that the connection is lost, and are refused', async () => {
            // given
            const refused = [];
            await FakeSocket.latest.welcomes();
            await subscribed({
                onState: (state) =>
                    state === 'subscribing' &&
                    connection.publish(CHANNEL, 1).catch((error) => refused.push(error))
            });

            // when
            await FakeSocket.latest.breaks();

            // then
            expect(refused).toMatchObject([{ code: 0, temporary: true }]);
        });

        it('hear nothing more of a frame in the middle of which they close the connection', async () => {
            // given
            await FakeSocket.latest.welcomes();
            const heard = [];
            await subscribed({
                onPublication: ({ offset }) => {
                    heard.push(offset);
                    connection.close();
                }
            });

            // when
            await FakeSocket.latest.receives(
                ...publications(1, 2).map((pub) => ({ push: { channel: CHANNEL, pub } }))
            );

            // then
            expect(heard).toEqual([1]);
        });

        it('are not asked for again when nobody wants them any more', async () => {
            await FakeSocket.latest.welcomes();
            const one = await subscribed();
            one.subscription.unsubscribe();

            const socket = await reconnected();

            expect(socket.commands('subscribe')).toHaveLength(0);
        });

        it('are there again after close and connect', async () => {
            await FakeSocket.latest.welcomes();
            const one = await subscribed();
            connection.close();

            connection.connect();
            await settled();
            await FakeSocket.latest.welcomes();

            expect(asked()).toMatchObject({ recover: true, epoch: 'e', offset: 0 });
            expect(one.subscription.state).toBe('subscribing');
        });

        it('hear replies and what follows them in one frame in their order', async () => {
            // given
            await FakeSocket.latest.welcomes();
            const one = subscriber();
            await settled();

            // when
            await FakeSocket.latest.receives(
                { id: FakeSocket.latest.command('subscribe').id, subscribe: { ...STREAM, offset: 1 } },
                { push: { channel: CHANNEL, pub: publications(2)[0] } }
            );

            // then
            expect(one.heard).toEqual([2]);
        });
    });

    describe('of one channel', () => {
        beforeEach(() => FakeSocket.latest.welcomes());

        it('share one on the wire', async () => {
            // given
            const first = await subscribed();
            const second = subscriber();

            // when
            await publish(1);
            first.subscription.unsubscribe();
            await publish(2);
            const early = FakeSocket.latest.commands('unsubscribe').length;
            second.subscription.unsubscribe();
            second.subscription.unsubscribe();

            // then
            expect(first.heard).toEqual([1]);
            expect(second.heard).toEqual([1, 2]);
            expect(early).toBe(0);
            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(1);
            expect(FakeSocket.latest.commands('unsubscribe')).toHaveLength(1);
            expect(first.states[1]).toEqual(['unsubscribed', {}]);
        });

        it('are followed by others later', async () => {
            const first = await subscribed();
            first.subscription.unsubscribe();

            const second = await subscribed();
            await publish(1);

            expect(second.heard).toEqual([1]);
            expect(first.heard).toEqual([]);
        });

        it('get what each of them wants, and nobody misses anything', async () => {
            // given
            const even = await subscribed({ filter: EVEN });
            await publish(2);

            // when
            const odd = subscriber({ filter: ODD });
            await settled();
            const widened = asked();
            await FakeSocket.latest.replies('subscribe', {
                ...STREAM,
                offset: 2,
                was_recovering: true,
                recovered: true,
                publications: [{ ...publications(3)[0], tags: { kind: 'odd' } }]
            });
            await publish(4, 5);

            // then
            expect(widened).toEqual({
                channel: CHANNEL,
                tf: { op: 'or', nodes: [EVEN, ODD] },
                recover: true,
                epoch: 'e',
                offset: 2
            });
            expect(even.heard).toEqual([2, 4]);
            expect(odd.heard).toEqual([5]);
            expect(even.states).toHaveLength(1);
        });

        it('have everything on the wire when the relay does not take all filters together', async () => {
            // given
            const even = await subscribed({ filter: EVEN });
            await publish(1, 2);
            const spoiled = subscriber({ filter: { key: 'kind', cmp: 'bogus' } });
            await settled();

            // when
            await FakeSocket.latest.refuses('subscribe', 107, 'bad request');
            await settled();
            const again = asked();
            await FakeSocket.latest.replies('subscribe', {
                ...STREAM,
                offset: 2,
                was_recovering: true,
                recovered: true
            });
            await publish(3, 4);

            // then
            expect(again).toEqual({ channel: CHANNEL, recover: true, epoch: 'e', offset: 2 });
            expect(even.heard).toEqual([2, 4]);
            expect(even.states).toHaveLength(1);
            expect(spoiled.states.at(-1)).toEqual(['unsubscribed', expect.objectContaining({ code: 107 })]);
        });

        it('do not suffer from a filter that cannot be evaluated', async () => {
            // given
            const first = await subscribed();
            const spoiled = subscriber({ filter: { op: 'and' } });
            const last = subscriber();
            await settled();

            // when
            await publish(1, 2);

            // then
            expect(first.heard).toEqual([1, 2]);
            expect(last.heard).toEqual([1, 2]);
            expect(spoiled.heard).toEqual([]);
            expect(spoiled.states.at(-1)[0]).toBe('unsubscribed');
            expect(errors).toEqual([expect.objectContaining({ code: 107, channel: CHANNEL })]);
        });

        it('are told when that cannot be done without a loss', async () => {
            // given
            const even = await subscribed({ filter: EVEN });
            subscriber();
            await settled();

            // when
            await FakeSocket.latest.replies('subscribe', { ...STREAM, offset: 9, was_recovering: true });

            // then
            expect(even.states[1]).toEqual(['subscribed', { wasRecovering: true, recovered: false }]);
        });

        it('are not disturbed by who wants no more than they', async () => {
            await subscribed();

            const even = subscriber({ filter: EVEN });
            await publish(1, 2);

            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(1);
            expect(even.heard).toEqual([2]);
        });

        it('hear who comes and goes, if they want to', async () => {
            // given
            const met = [];
            const info = { client: 'c', user: 'u', conn_info: { name: 'Ada' } };
            await subscribed();
            subscriber({
                joinLeave: true,
                onJoin: (person) => met.push(['join', person]),
                onLeave: (person) => met.push(['leave', person])
            });
            await settled();

            // when
            await FakeSocket.latest.replies('subscribe', {
                ...STREAM,
                was_recovering: true,
                recovered: true
            });
            await FakeSocket.latest.pushes({ channel: CHANNEL, join: { info } });
            await FakeSocket.latest.pushes({ channel: CHANNEL, leave: { info } });

            // then
            const ada = { client: 'c', user: 'u', connInfo: { name: 'Ada' } };
            expect(asked().join_leave).toBe(true);
            expect(met).toEqual([
                ['join', ada],
                ['leave', ada]
            ]);
        });

        it('are not harmed by one that throws, which is shown as what nobody has caught', async () => {
            // given
            const uncaught = jest.spyOn(Promise, 'reject').mockImplementation(() => {});
            const error = new Error('of a component');
            await subscribed({
                onPublication: () => {
                    throw error;
                }
            });
            const other = subscriber();

            // when
            await publish(1, 2);

            // then
            expect(other.heard).toEqual([1, 2]);
            expect(uncaught.mock.calls).toEqual([[error], [error]]);
        });

        it('may be ended by one of them who hears of a newcomer', async () => {
            // given
            const second = { met: [] };
            await subscribed({ joinLeave: true, onJoin: () => second.subscription.unsubscribe() });
            Object.assign(second, subscriber({ joinLeave: true, onJoin: (one) => second.met.push(one) }));

            // when
            await FakeSocket.latest.pushes({ channel: CHANNEL, join: { info: { client: 'c' } } });

            // then
            expect(second.met).toEqual([]);
        });

        it('may be ended by one of them in the middle of a publication', async () => {
            const second = { heard: [] };
            await subscribed({ onPublication: () => second.subscription.unsubscribe() });
            Object.assign(second, subscriber());

            await publish(1);

            expect(second.heard).toEqual([]);
        });

        it('tell of what nobody subscribes to any more to nobody', async () => {
            const one = await subscribed();
            one.subscription.unsubscribe();

            await publish(1);
            await FakeSocket.latest.pushes({ channel: CHANNEL, join: { info: {} } });
            await FakeSocket.latest.pushes({ channel: CHANNEL, leave: { info: {} } });

            expect(one.heard).toEqual([]);
        });
    });

    describe('that begin in the past', () => {
        const since = { offset: 4, epoch: 'e' };

        beforeEach(() => FakeSocket.latest.welcomes());

        it('get what has come since', async () => {
            const one = await subscribed(
                { since },
                {
                    ...STREAM,
                    offset: 4,
                    was_recovering: true,
                    recovered: true,
                    publications: publications(5, 6)
                }
            );

            expect(asked()).toEqual({ channel: CHANNEL, recover: true, ...since });
            expect(one.heard).toEqual([5, 6]);
            expect(one.states).toEqual([['subscribed', { wasRecovering: true, recovered: true }]]);
        });

        it('know where they are when nothing has come since', async () => {
            const reply = { ...STREAM, offset: 4, was_recovering: true, recovered: true };

            const one = await subscribed({ since }, reply);

            expect(one.subscription.position).toEqual(since);
        });

        it('read what is too much for one reply page by page, and then follow', async () => {
            // given
            const one = await subscribed(
                { since },
                { ...STREAM, offset: 8, was_recovering: true, recovered: false }
            );

            // when
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 8,
                publications: publications(5, 6)
            });
            await publish(9);
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 9,
                publications: publications(7, 8, 9)
            });
            await publish(10);

            // then
            expect(FakeSocket.latest.commands('history').map(({ history }) => history)).toEqual([
                { channel: CHANNEL, limit: -1, since },
                { channel: CHANNEL, limit: -1, since: { offset: 6, epoch: 'e' } }
            ]);
            expect(one.heard).toEqual([5, 6, 7, 8, 9, 10]);
            expect(one.states).toEqual([['subscribed', { wasRecovering: true, recovered: true }]]);
        });

        it('do so without disturbing those who are there', async () => {
            // given
            const first = await subscribed({}, { ...STREAM, offset: 6 });
            const late = subscriber({ since });
            await publish(7);

            // when
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 7,
                publications: publications(5, 6, 7)
            });
            await publish(8);

            // then
            expect(first.heard).toEqual([7, 8]);
            expect(late.heard).toEqual([5, 6, 7, 8]);
            expect(late.subscription.position).toEqual({ offset: 8, epoch: 'e' });
        });

        it('get nothing twice that the history has before it comes', async () => {
            // given
            await subscribed({}, { ...STREAM, offset: 5 });
            const late = subscriber({ since });
            await settled();

            // when
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 6,
                publications: publications(5, 6)
            });
            await publish(6, 7);

            // then
            expect(late.heard).toEqual([5, 6, 7]);
        });

        it('read once, however many come meanwhile', async () => {
            // given
            await subscribed({}, { ...STREAM, offset: 5 });
            const late = subscriber({ since });
            await settled();

            // when
            subscriber();
            await settled();
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 5,
                publications: publications(5)
            });

            // then
            expect(FakeSocket.latest.commands('history')).toHaveLength(1);
            expect(late.heard).toEqual([5]);
        });

        it('are told when the history has no longer all of it', async () => {
            // given
            await subscribed({}, { ...STREAM, offset: 9 });
            const late = subscriber({ since });

            // when
            await settled();
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 9,
                publications: publications(8, 9)
            });

            // then
            expect(late.heard).toEqual([8, 9]);
            expect(late.states).toEqual([['subscribed', { wasRecovering: true, recovered: false }]]);
        });

        it('are told when the history has nothing any more', async () => {
            await subscribed({}, { ...STREAM, offset: 9 });
            const late = subscriber({ since });
            await settled();

            await FakeSocket.latest.replies('history', { epoch: 'e', offset: 9 });
            await publish(10);

            expect(late.heard).toEqual([10]);
            expect(late.states).toEqual([['subscribed', { wasRecovering: true, recovered: false }]]);
        });

        it('are told when the channel has begun a new life, and read nothing of it', async () => {
            // given
            const reply = {
                recoverable: true,
                epoch: 'f',
                offset: 7,
                was_recovering: true,
                recovered: false
            };

            // when
            const late = await subscribed({ since }, reply);
            await publish(8);

            // then
            expect(late.states).toEqual([['subscribed', { wasRecovering: true, recovered: false }]]);
            expect(late.heard).toEqual([8]);
            expect(FakeSocket.latest.commands('history')).toHaveLength(0);
        });

        it('are told when the channel keeps no history', async () => {
            const late = await subscribed({ since }, {});

            expect(late.states).toEqual([['subscribed', { wasRecovering: true, recovered: false }]]);
        });

        it('are told when the history is refused', async () => {
            // given
            await subscribed({}, { ...STREAM, offset: 9 });
            const late = subscriber({ since });
            await settled();

            // when
            await FakeSocket.latest.refuses('history', 103, 'permission denied');
            await publish(10);

            // then
            expect(errors).toEqual([
                { code: 103, message: 'permission denied', channel: CHANNEL, temporary: false }
            ]);
            expect(late.states).toEqual([['subscribed', { wasRecovering: true, recovered: false }]]);
            expect(late.heard).toEqual([10]);
        });

        it('go on reading after an interruption', async () => {
            // given
            await subscribed({}, { ...STREAM, offset: 8 });
            const late = subscriber({ since });
            await settled();
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 8,
                publications: publications(5, 6)
            });

            // when
            const socket = await reconnected();
            await socket.replies('subscribe', {
                ...STREAM,
                offset: 8,
                was_recovering: true,
                recovered: true
            });
            await socket.replies('history', { epoch: 'e', offset: 8, publications: publications(7, 8) });
            await publish(9);

            // then
            expect(socket.command('history').history.since).toEqual({ offset: 6, epoch: 'e' });
            expect(late.heard).toEqual([5, 6, 7, 8, 9]);
        });

        it('go on reading when the relay could not for a moment', async () => {
            // given
            await subscribed({}, { ...STREAM, offset: 5 });
            const late = subscriber({ since });
            await settled();

            // when
            await FakeSocket.latest.refuses('history', 100, 'internal server error', true);
            await wait(4000);
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 5,
                publications: publications(5)
            });

            // then
            expect(late.heard).toEqual([5]);
        });

        it('do not ask when nothing has come since', async () => {
            await subscribed({}, { ...STREAM, offset: 4 });
            const late = subscriber({ since });
            await settled();
            await publish(5);

            expect(FakeSocket.latest.commands('history')).toHaveLength(0);
            expect(late.heard).toEqual([5]);
        });

        it('may have to look up where', async () => {
            // given
            const find = jest.fn().mockResolvedValue(since);
            const reply = { ...STREAM, offset: 4, was_recovering: true, recovered: true };

            // when
            await subscribed({ since: find }, reply);
            await reconnected();

            // then
            expect(find).toHaveBeenCalledTimes(1);
            expect(asked()).toMatchObject({ recover: true, ...since });
        });

        it('look it up again when that fails for a moment', async () => {
            const find = jest.fn().mockRejectedValueOnce(new Error('no answer')).mockResolvedValue(since);
            subscriber({ since: find });
            await settled();

            await wait(250);

            expect(asked()).toMatchObject({ recover: true, ...since });
        });

        it('begin now when it cannot be found out', async () => {
            // given
            const find = jest
                .fn()
                .mockRejectedValue({ code: 108, message: 'not available', temporary: false });

            // when
            const one = await subscribed({ since: find }, {});
            await FakeSocket.latest.pushes({ channel: CHANNEL, pub: { data: 'new' } });

            // then
            expect(errors).toEqual([
                { code: 108, message: 'not available', channel: CHANNEL, temporary: false }
            ]);
            expect(one.heard).toEqual(['new']);
        });

        it('begin now, after others, when it cannot be found out', async () => {
            // given
            await subscribed({}, {});
            const find = jest
                .fn()
                .mockRejectedValue({ code: 108, message: 'not available', temporary: false });

            // when
            const late = subscriber({ since: find });
            await settled();

            // then
            expect(late.states).toEqual([['subscribed', { wasRecovering: false, recovered: false }]]);
            expect(errors).toHaveLength(1);
        });

        it('stop reading when they are ended', async () => {
            // given
            await subscribed({}, { ...STREAM, offset: 8 });
            const late = subscriber({ since });
            await settled();

            // when
            late.subscription.unsubscribe();
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 8,
                publications: publications(5, 6)
            });

            // then
            expect(late.heard).toEqual([]);
            expect(FakeSocket.latest.commands('history')).toHaveLength(1);
            expect(late.states).toEqual([['unsubscribed', {}]]);
        });
    });

    describe('that the relay refuses', () => {
        beforeEach(() => FakeSocket.latest.welcomes());

        it('end with its reason', async () => {
            // given
            const one = subscriber();
            await settled();

            // when
            await FakeSocket.latest.refuses('subscribe', 103, 'permission denied: wrong tenant');
            await reconnected();

            // then
            expect(one.states).toEqual([
                ['unsubscribed', { code: 103, message: 'permission denied: wrong tenant' }]
            ]);
            expect(errors).toEqual([
                { code: 103, message: 'permission denied: wrong tenant', channel: CHANNEL, temporary: false }
            ]);
            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(0);
        });

        it('try again when that may help', async () => {
            const one = subscriber();
            await settled();

            await FakeSocket.latest.refuses('subscribe', 111, 'too many requests', true);
            await wait(250);
            await FakeSocket.latest.replies('subscribe', STREAM);

            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(2);
            expect(one.subscription.state).toBe('subscribed');
        });

        it('begin to count anew after a success', async () => {
            // given
            subscriber();
            await settled();
            for (let attempt = 0; attempt < 4; attempt++) {
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await FakeSocket.latest.refuses('subscribe', 100, 'internal server error', true);
                // eslint-disable-next-line no-await-in-loop -- one after the other
                await wait(4000);
            }
            await FakeSocket.latest.replies('subscribe', STREAM);
            const socket = await reconnected();

            // when
            await socket.refuses('subscribe', 100, 'internal server error', true);
            await wait(250);

            // then
            expect(socket.commands('subscribe')).toHaveLength(2);
        });

        it('are not asked for any more when they are ended meanwhile', async () => {
            const one = subscriber();
            await settled();
            await FakeSocket.latest.refuses('subscribe', 100, 'internal server error', true);

            one.subscription.unsubscribe();
            await wait(1000);

            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(1);
        });

        it('are not asked for twice by who comes while they wait', async () => {
            subscriber();
            await settled();
            await FakeSocket.latest.refuses('subscribe', 100, 'internal server error', true);

            subscriber();
            await settled();

            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(1);
        });

        it('do not mind a refusal that comes too late', async () => {
            // given
            const first = subscriber();
            await settled();
            const { id } = FakeSocket.latest.command('subscribe');
            first.subscription.unsubscribe();
            const second = subscriber();
            await settled();

            // when
            await FakeSocket.latest.receives({ id, error: { code: 106, message: 'unsubscribed before' } });
            await FakeSocket.latest.replies('subscribe', STREAM);

            // then
            expect(second.subscription.state).toBe('subscribed');
            expect(errors).toEqual([]);
        });
    });

    describe('that the relay ends', () => {
        beforeEach(() => FakeSocket.latest.welcomes());

        it('are over when it means it', async () => {
            const one = await subscribed();

            await FakeSocket.latest.pushes({
                channel: CHANNEL,
                unsubscribe: { code: 2000, reason: 'server unsubscribe' }
            });

            expect(one.states[1]).toEqual(['unsubscribed', { code: 2000, message: 'server unsubscribe' }]);
            expect(errors[0]).toMatchObject({ code: 2000, channel: CHANNEL });
        });

        it('are asked for again when the stream was lost, and then are told', async () => {
            // given
            const one = await subscribed();
            await publish(1);

            // when
            await FakeSocket.latest.pushes({
                channel: CHANNEL,
                unsubscribe: { code: 2500, reason: 'insufficient state' }
            });
            await wait(250);
            await FakeSocket.latest.replies('subscribe', {
                recoverable: true,
                epoch: 'f',
                offset: 3,
                was_recovering: true,
                recovered: false
            });

            // then
            expect(asked()).toEqual({ channel: CHANNEL, recover: true, epoch: 'e', offset: 1 });
            expect(one.states.slice(1)).toEqual([
                ['subscribing', { code: 2500, message: 'insufficient state' }],
                ['subscribed', { wasRecovering: true, recovered: false }]
            ]);
        });

        it('are asked for with a new token when the old one has ended', async () => {
            const token = jest.fn().mockResolvedValueOnce('one').mockResolvedValueOnce('two');
            await subscribed({ token });

            await FakeSocket.latest.pushes({
                channel: CHANNEL,
                unsubscribe: { code: 2501, reason: 'expired' }
            });
            await wait(250);

            expect(asked().token).toBe('two');
        });
    });

    describe('with a token', () => {
        beforeEach(() => FakeSocket.latest.welcomes());

        it('hand it over, as it is or from who has it', async () => {
            await subscribed({ token: 'jwt' });
            const first = asked().token;
            subscriber({ token: async () => 'other' }, 'chat:b');
            await settled();

            expect(first).toBe('jwt');
            expect(asked()).toEqual({ channel: 'chat:b', token: 'other' });
        });

        it('renew it before it ends', async () => {
            // given
            const token = jest.fn().mockResolvedValueOnce('one').mockResolvedValueOnce('two');
            const one = await subscribed({ token }, { ...STREAM, expires: true, ttl: 20 });

            // when
            await wait(10000);
            await FakeSocket.latest.replies('sub_refresh', { expires: true, ttl: 600 });

            // then
            expect(FakeSocket.latest.command('sub_refresh').sub_refresh).toEqual({
                channel: CHANNEL,
                token: 'two'
            });
            expect(one.states).toHaveLength(1);
        });

        it('say when it cannot be renewed', async () => {
            const token = jest.fn().mockResolvedValueOnce('one').mockRejectedValue(new Error('Apex is busy'));
            await subscribed({ token }, { ...STREAM, expires: true, ttl: 20 });

            await wait(10000);

            expect(errors).toEqual([{ code: 0, message: 'Apex is busy', channel: CHANNEL, temporary: true }]);
        });

        it('fetch a new one when the relay says that it has expired', async () => {
            const token = jest.fn().mockResolvedValueOnce('old').mockResolvedValueOnce('new');
            subscriber({ token });
            await settled();

            await FakeSocket.latest.refuses('subscribe', 109, 'token expired');
            await wait(0);

            expect(asked().token).toBe('new');
            expect(errors).toEqual([]);
        });

        it('take their time when every token has expired', async () => {
            subscriber({ token: async () => 'old' });
            await settled();
            await FakeSocket.latest.refuses('subscribe', 109, 'token expired');
            await wait(0);

            await FakeSocket.latest.refuses('subscribe', 109, 'token expired');
            await wait(0);

            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(2);
            await wait(1000);
            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(3);
        });

        it('are not asked for when they ended while it was fetched', async () => {
            const one = subscriber({ token: async () => 'jwt' });
            one.subscription.unsubscribe();

            await settled();

            expect(FakeSocket.latest.commands('subscribe')).toHaveLength(0);
        });
    });

    describe('that the relay makes by itself', () => {
        const OWN = 'user:005';
        let personal;

        beforeEach(async () => {
            personal = [];
            connection.onServerPublication = (publication) => personal.push(publication);
            await FakeSocket.latest.welcomes({ subs: { [OWN]: { ...STREAM, offset: 4 }, 'client:c-1': {} } });
        });

        it('are heard by who has asked for that', async () => {
            const info = { client: 'c', user: 'u' };

            await FakeSocket.latest.pushes({ channel: OWN, pub: { data: 'lunch?', offset: 5, info } });

            expect(personal).toEqual([
                { channel: OWN, data: 'lunch?', offset: 5, epoch: 'e', info: { client: 'c', user: 'u' } }
            ]);
        });

        it('go on from their position, and the channel of an earlier connection does not', async () => {
            // given
            await FakeSocket.latest.pushes({ channel: OWN, pub: { data: 1, offset: 5 } });

            // when
            const socket = await reconnected({
                subs: {
                    [OWN]: {
                        ...STREAM,
                        offset: 5,
                        was_recovering: true,
                        recovered: true,
                        publications: [{ data: 2, offset: 6 }]
                    }
                }
            });

            // then
            expect(socket.command('connect').connect.subs).toEqual({
                [OWN]: { recover: true, epoch: 'e', offset: 5 }
            });
            expect(personal.map(({ data }) => data)).toEqual([1, 2]);
            expect(errors).toEqual([]);
        });

        it('are asked for, by who wants them, when the relay does not make them any more', async () => {
            // given
            subscriber({}, OWN);
            await settled();

            // when
            const socket = await reconnected();

            // then
            expect(socket.command('subscribe').subscribe).toMatchObject({ channel: OWN });
        });

        it('are an error when something of it cannot be had any more', async () => {
            await reconnected({ subs: { [OWN]: { ...STREAM, offset: 9, was_recovering: true } } });

            expect(errors).toEqual([
                {
                    code: 112,
                    message: 'messages were missed that cannot be had any more',
                    channel: OWN,
                    temporary: false
                }
            ]);
        });

        it('may be subscribed to without asking the relay again', async () => {
            // given
            const one = subscriber({}, OWN);
            await settled();

            // when
            await FakeSocket.latest.pushes({ channel: OWN, pub: { data: 'lunch?', offset: 5 } });
            const socket = await reconnected({
                subs: {
                    [OWN]: {
                        ...STREAM,
                        offset: 5,
                        was_recovering: true,
                        recovered: true,
                        publications: [{ data: 'now?', offset: 6 }]
                    }
                }
            });
            one.subscription.unsubscribe();

            // then
            expect(one.heard).toEqual(['lunch?', 'now?']);
            expect(personal).toHaveLength(2);
            expect(one.subscription.position).toEqual({ offset: 6, epoch: 'e' });
            expect(socket.commands('subscribe')).toHaveLength(0);
            expect(socket.commands('unsubscribe')).toHaveLength(0);
        });

        it('may be made later, and ended', async () => {
            // given
            await FakeSocket.latest.pushes({ channel: 'news:a', subscribe: { ...STREAM, offset: 1 } });
            await FakeSocket.latest.pushes({ channel: 'news:a', pub: { data: 1, offset: 2 } });

            // when
            await FakeSocket.latest.pushes({ channel: 'news:a', unsubscribe: { code: 2000, reason: '' } });
            await FakeSocket.latest.pushes({ channel: 'news:a', pub: { data: 2, offset: 3 } });

            // then
            expect(personal.map(({ data }) => data)).toEqual([1]);
        });

        it('are joined when the relay was faster than we', async () => {
            // given
            const one = subscriber({}, 'news:a');
            await settled();

            // when
            await FakeSocket.latest.pushes({ channel: 'news:a', subscribe: { ...STREAM, offset: 1 } });
            await FakeSocket.latest.refuses('subscribe', 105, 'already subscribed');
            await FakeSocket.latest.pushes({ channel: 'news:a', pub: { data: 'new', offset: 2 } });

            // then
            expect(one.heard).toEqual(['new']);
            expect(errors).toEqual([]);
        });
    });
});

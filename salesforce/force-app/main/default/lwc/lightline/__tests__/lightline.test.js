import connectionDetails from '@salesforce/apex/LightlineTokens.connection';
import forChannels from '@salesforce/apex/LightlineTokens.forChannels';
import { FakeSocket, settled } from '../../../../../test/fakeRelay';

jest.mock('@salesforce/apex/LightlineTokens.connection', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/LightlineTokens.forChannels', () => ({ default: jest.fn() }), { virtual: true });

const URL = 'wss://relay.example/connection/websocket';
const ORDERS = '/event/Order__e';
const RECORD = 'record:001000000000001AAA';
const STREAM = { recoverable: true, positioned: true, epoch: 'e', offset: 10 };

describe('c-lightline', () => {
    let lightline;

    beforeEach(() => {
        jest.useFakeTimers();
        jest.spyOn(Math, 'random').mockReturnValue(0.5);
        FakeSocket.install();
        connectionDetails.mockReset().mockResolvedValue({ url: URL, token: 'first', expiresIn: 300 });
        forChannels.mockReset().mockResolvedValue({});
        // Another page: the connection is at module scope.
        jest.isolateModules(() => {
            lightline = require('c/lightline');
        });
    });

    afterEach(async () => {
        if (FakeSocket.latest?.onclose) {
            await FakeSocket.latest.breaks(3503);
        }
        jest.useRealTimers();
        jest.restoreAllMocks();
    });

    /** Somebody on a page that is connected already. */
    async function connected(reply = {}) {
        lightline.presence('chat:a').catch(() => {});
        await settled();
        await FakeSocket.latest.welcomes(reply);
        return FakeSocket.latest;
    }

    /** What becomes of it may be nobody's business. */
    function subscribes(...what) {
        const promise = lightline.subscribe(...what);
        promise.catch(() => {});
        return promise;
    }

    async function subscribed(channel, replayId, onMessage, options) {
        const promise = subscribes(channel, replayId, onMessage, options);
        await settled();
        await FakeSocket.latest.replies('subscribe', STREAM);
        return promise;
    }

    function event(offset) {
        return {
            data: {
                schema: 's',
                payload: { OrderNumber__c: `O-${offset}` },
                event: { replayId: `r-${offset}` }
            },
            offset,
            tags: { replayId: `r-${offset}` }
        };
    }

    describe('as lightning/empApi', () => {
        it('hands over messages as a component knows them', async () => {
            // given
            const onMessage = jest.fn();
            await connected();
            const subscription = await subscribed(ORDERS, -1, onMessage);

            // when
            await FakeSocket.latest.pushes({ channel: ORDERS, pub: event(11) });

            // then
            expect(subscription).toEqual({ id: expect.any(String), channel: ORDERS, replayId: -1 });
            expect(onMessage.mock.calls).toEqual([[{ channel: ORDERS, epoch: 'e', ...event(11) }]]);
        });

        it('has one connection for all, with what Apex says', async () => {
            await connected();

            await subscribed(ORDERS, -1, () => {});
            await subscribed('/event/Other__e', -1, () => {});

            expect(FakeSocket.all).toHaveLength(1);
            expect(FakeSocket.latest.url).toBe(URL);
            expect(FakeSocket.latest.command('connect').connect.token).toBe('first');
            expect(connectionDetails).toHaveBeenCalledTimes(1);
        });

        it('ends a subscription, and says so to the callback and to who waits', async () => {
            // given
            const onMessage = jest.fn();
            const callback = jest.fn();
            await connected();
            // As a component has it that keeps it in a field: another object.
            const subscription = { ...(await subscribed(ORDERS, -1, onMessage)) };

            // when
            const result = await lightline.unsubscribe(subscription, callback);
            await FakeSocket.latest.pushes({ channel: ORDERS, pub: event(11) });

            // then
            expect(result).toEqual({
                id: subscription.id,
                channel: '/meta/unsubscribe',
                subscription: ORDERS,
                successful: true
            });
            expect(callback.mock.calls).toEqual([[result]]);
            expect(FakeSocket.latest.command('unsubscribe').unsubscribe).toEqual({ channel: ORDERS });
            expect(onMessage).not.toHaveBeenCalled();
        });

        it('says that there was nothing to end', async () => {
            const result = await lightline.unsubscribe({ id: 'unknown', channel: ORDERS });

            expect(result.successful).toBe(false);
        });

        it('works where there are WebSockets', async () => {
            await expect(lightline.isEmpEnabled()).resolves.toBe(true);

            globalThis.WebSocket = undefined;
            await expect(lightline.isEmpEnabled()).resolves.toBe(false);
        });

        it('writes to the console when it is asked to, and not otherwise', async () => {
            // given
            const log = jest.spyOn(console, 'log').mockImplementation(() => {});
            await connected();
            const quiet = log.mock.calls.length;

            // when
            await lightline.setDebugFlag(true);
            await FakeSocket.latest.breaks();
            await lightline.setDebugFlag(false);

            // then
            expect(quiet).toBe(0);
            expect(log.mock.calls[0].slice(0, 2)).toEqual(['lightline', 'reconnecting']);
        });
    });

    describe('with a replay id', () => {
        it('of -2 hands over all that there is', async () => {
            // given
            await connected();
            const promise = subscribes(ORDERS, -2, () => {});
            await settled();

            // when
            await FakeSocket.latest.replies('history', { epoch: 'e', offset: 10, publications: [event(4)] });

            // then
            expect(FakeSocket.latest.command('history').history).toEqual({ channel: ORDERS, limit: 1 });
            expect(FakeSocket.latest.command('subscribe').subscribe).toEqual({
                channel: ORDERS,
                recover: true,
                epoch: 'e',
                offset: 3
            });
            await FakeSocket.latest.replies('subscribe', {
                ...STREAM,
                was_recovering: true,
                recovered: true
            });
            await expect(promise).resolves.toMatchObject({ replayId: -2 });
        });

        it('of -2 begins at the top of a history in which nothing is', async () => {
            await connected();
            subscribes(ORDERS, -2, () => {});
            await settled();

            await FakeSocket.latest.replies('history', { epoch: 'e', offset: 7 });

            expect(FakeSocket.latest.command('subscribe').subscribe).toMatchObject({ offset: 7, epoch: 'e' });
        });

        it('hands over what came after it, wherever that is in the history', async () => {
            // given
            await connected();
            subscribes(ORDERS, 'r-5', () => {});
            await settled();

            // when
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 9,
                publications: [event(9), event(8), event(7)]
            });
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 9,
                publications: [event(6), event(5), event(4)]
            });

            // then
            expect(FakeSocket.latest.commands('history').map(({ history }) => history)).toEqual([
                { channel: ORDERS, limit: -1, reverse: true },
                { channel: ORDERS, limit: -1, reverse: true, since: { offset: 7, epoch: 'e' } }
            ]);
            expect(FakeSocket.latest.command('subscribe').subscribe).toMatchObject({ offset: 5, epoch: 'e' });
        });

        it('is found in the event where there is no tag', async () => {
            await connected();
            subscribes(ORDERS, 42, () => {});
            await settled();

            const publication = { data: { event: { replayId: 42 } }, offset: 3 };
            await FakeSocket.latest.replies('history', {
                epoch: 'e',
                offset: 3,
                publications: [publication]
            });

            expect(FakeSocket.latest.command('subscribe').subscribe).toMatchObject({ offset: 3 });
        });

        it('that is not there any more means all that there is, and an error', async () => {
            // given
            const onError = jest.fn();
            lightline.onError(onError);
            await connected();
            subscribes(ORDERS, 'r-1', () => {});
            await settled();

            // when
            await FakeSocket.latest.replies('history', { epoch: 'e', offset: 4, publications: [event(4)] });
            await FakeSocket.latest.replies('history', { epoch: 'e', offset: 4 });
            await FakeSocket.latest.replies('history', { epoch: 'e', offset: 4, publications: [event(4)] });

            // then
            expect(onError.mock.calls).toEqual([
                [{ code: 112, message: 'no replay id r-1 in the history', channel: ORDERS }]
            ]);
            expect(FakeSocket.latest.command('subscribe').subscribe).toMatchObject({ offset: 3, epoch: 'e' });
        });
    });

    describe('when something is wrong', () => {
        let onError;

        beforeEach(() => {
            onError = jest.fn();
            lightline.onError(onError);
        });

        it('rejects a subscription that the relay refuses, and tells of it', async () => {
            // given
            await connected();
            const onState = jest.fn();
            const promise = subscribes('secret:a', -1, () => {}, { onState });
            await settled();

            // when
            FakeSocket.latest.refuses('subscribe', 103, 'permission denied');

            // then
            const error = { code: 103, message: 'permission denied', channel: 'secret:a' };
            await expect(promise).rejects.toMatchObject(error);
            expect(onError.mock.calls).toEqual([[{ ...error, temporary: false }]]);
            expect(onState).toHaveBeenCalledWith('unsubscribed', { code: 103, message: 'permission denied' });
        });

        it('rejects when Apex says no, and asks again the next time', async () => {
            // given
            const body = { message: 'Lightline is not set up', exceptionType: 'System.AuraHandledException' };
            connectionDetails.mockRejectedValueOnce({ body });

            // when
            const refused = subscribes(ORDERS, -1, () => {});

            // then
            await expect(refused).rejects.toMatchObject({
                message: 'Lightline is not set up',
                temporary: false
            });
            expect(onError.mock.calls[0][0]).toMatchObject({ message: 'Lightline is not set up' });
            expect(lightline.connectionState()).toBe('disconnected');
            await connected();
            expect(lightline.connectionState()).toBe('connected');
        });

        it('is told by what has no message that may help', async () => {
            connectionDetails.mockRejectedValueOnce('no network');

            await expect(lightline.publish('chat:a', 1)).rejects.toMatchObject({
                message: 'no network',
                temporary: true
            });
        });

        it('tells of what was missed for good', async () => {
            // given
            const onLoss = jest.fn();
            await connected();
            await subscribed(ORDERS, -1, () => {}, { onLoss });
            await FakeSocket.latest.breaks();
            jest.advanceTimersByTime(250);
            await settled();
            await FakeSocket.latest.welcomes();

            // when
            await FakeSocket.latest.replies('subscribe', { ...STREAM, was_recovering: true });

            // then
            const message = 'messages were missed that cannot be had any more';
            expect(onError.mock.calls).toEqual([[{ code: 112, message, channel: ORDERS }]]);
            expect(onLoss.mock.calls).toEqual([[message]]);
        });

        it('tells of a gap, which is no message', async () => {
            // given
            const onMessage = jest.fn();
            const onLoss = jest.fn();
            await connected();
            await subscribed(ORDERS, -1, onMessage, { onLoss });

            // when
            const data = { gap: { topic: ORDERS, reason: '72 hours have passed' } };
            await FakeSocket.latest.pushes({
                channel: ORDERS,
                pub: { data, offset: 11, tags: { lightline: 'gap' } }
            });

            // then
            expect(onMessage).not.toHaveBeenCalled();
            expect(onError.mock.calls[0][0]).toEqual({
                code: 112,
                message: 'events may be missing: 72 hours have passed',
                channel: ORDERS
            });
            expect(onLoss).toHaveBeenCalledTimes(1);
        });

        it('tells everybody, and who throws harms nobody', async () => {
            // given
            const uncaught = jest.spyOn(Promise, 'reject').mockImplementation(() => {});
            const second = jest.fn();
            lightline.onError(second);
            onError.mockImplementation(() => {
                throw new Error('of a component');
            });
            await connected();

            // when
            await FakeSocket.latest.breaks(4500, 'unknown issuer');

            // then
            expect(second.mock.calls[0][0]).toMatchObject({ code: 4500, message: 'unknown issuer' });
            expect(uncaught).toHaveBeenCalledTimes(1);
        });

        it('tells no more of who does not want to know', async () => {
            const stop = await lightline.onError(onError);
            stop();
            await connected();

            await FakeSocket.latest.breaks(4500, 'unknown issuer');

            expect(onError).not.toHaveBeenCalled();
        });

        it('forgets the oldest of more callbacks than a page has components', async () => {
            const later = Array.from({ length: 50 }, () => jest.fn());
            later.forEach((callback) => lightline.onError(callback));
            await connected();

            await FakeSocket.latest.breaks(4500, 'unknown issuer');

            expect(onError).not.toHaveBeenCalled();
            expect(later.every((callback) => callback.mock.calls.length === 1)).toBe(true);
        });

        it('connects again for who asks after the relay has closed for good', async () => {
            await connected();
            await FakeSocket.latest.breaks(3503, 'force disconnect');

            await connected();

            expect(FakeSocket.all).toHaveLength(2);
            expect(lightline.connectionState()).toBe('connected');
        });
    });

    describe('with its tokens', () => {
        it('uses the one that came with the address, and then asks for new ones', async () => {
            // given
            const socket = await connected({ expires: true, ttl: 300, ping: 1000 });
            connectionDetails.mockResolvedValue({ url: URL, token: 'second', expiresIn: 300 });

            // when
            jest.advanceTimersByTime(240000);
            await settled();

            // then
            expect(socket.command('connect').connect.token).toBe('first');
            expect(socket.command('refresh').refresh.token).toBe('second');
            expect(connectionDetails).toHaveBeenCalledTimes(2);
        });

        it('connects without one where Apex has none', async () => {
            connectionDetails.mockResolvedValue({ url: URL, token: null, expiresIn: 0 });

            await connected();

            expect(FakeSocket.latest.command('connect').connect.token).toBe('');
        });

        it('asks Apex once for the grants of all records that a page begins with', async () => {
            // given
            const other = '/data/AccountChangeEvent/001000000000002AAA';
            forChannels.mockResolvedValue({ [RECORD]: 'for the record' });
            await connected();

            // when
            subscribes(RECORD, -1, () => {});
            subscribes(other, -1, () => {});
            subscribes(ORDERS, -1, () => {});
            await settled();

            // then
            const asked = FakeSocket.latest.commands('subscribe').map(({ subscribe }) => subscribe);
            expect(forChannels.mock.calls).toEqual([[{ channels: [RECORD, other] }]]);
            expect(asked).toEqual(
                expect.arrayContaining([
                    { channel: RECORD, token: 'for the record' },
                    { channel: other, token: '' },
                    { channel: ORDERS }
                ])
            );
        });

        it('come 200 at a time, which is what Apex answers', async () => {
            // given
            const records = Array.from(
                { length: 201 },
                (_, i) => `record:001xx00000${String(i).padStart(7, '0')}A`
            );

            await connected();

            // when
            records.forEach((record) => subscribes(record, -1, () => {}));
            await settled();

            // then
            expect(forChannels.mock.calls.map(([{ channels }]) => channels.length)).toEqual([200, 1]);
        });

        it('takes the answer of an Apex that knows of no grants', async () => {
            forChannels.mockResolvedValue(null);
            await connected();

            subscribes(RECORD, -1, () => {});
            await settled();

            expect(FakeSocket.latest.command('subscribe').subscribe).toEqual({ channel: RECORD, token: '' });
        });

        it('asks again when Apex could not say', async () => {
            // given
            forChannels.mockRejectedValueOnce({ body: { message: 'Apex is busy' } });
            forChannels.mockResolvedValueOnce({ [RECORD]: 'for the record' });
            await connected();
            subscribes(RECORD, -1, () => {});
            await settled();

            // when
            jest.advanceTimersByTime(250);
            await settled();

            // then
            expect(FakeSocket.latest.command('subscribe').subscribe.token).toBe('for the record');
        });

        it('takes the token of who has its own', async () => {
            await connected();

            subscribes(RECORD, -1, () => {}, {
                token: async () => 'mine',
                filter: { key: 'a', cmp: 'ex' }
            });
            await settled();

            expect(FakeSocket.latest.command('subscribe').subscribe).toEqual({
                channel: RECORD,
                token: 'mine',
                tf: { key: 'a', cmp: 'ex' }
            });
            expect(forChannels).not.toHaveBeenCalled();
        });
    });

    describe('beyond lightning/empApi', () => {
        it('publishes, reads history and lists who is there', async () => {
            // given
            const socket = await connected();

            // when
            const published = lightline.publish('chat:a', { text: 'hi' });
            const history = lightline.history('chat:a', { limit: 1 });
            const presence = lightline.presence('chat:a');
            await settled();
            await socket.replies('publish');
            await socket.replies('history', { epoch: 'e', offset: 1 });
            await socket.replies('presence', { presence: { c: { client: 'c', user: 'u' } } });

            // then
            await expect(published).resolves.toBeUndefined();
            await expect(history).resolves.toEqual({ publications: [], offset: 1, epoch: 'e' });
            await expect(presence).resolves.toEqual([{ client: 'c', user: 'u' }]);
            expect(socket.command('publish').publish).toEqual({ channel: 'chat:a', data: { text: 'hi' } });
        });

        it('tells of the state of the connection, from now on until nobody wants to know', async () => {
            // given
            const onStatus = jest.fn();
            const stop = lightline.onStatus(onStatus);

            // when
            await connected();
            await FakeSocket.latest.breaks(3001, 'shutdown');
            stop();
            jest.advanceTimersByTime(250);
            await settled();
            await FakeSocket.latest.welcomes();

            // then
            expect(onStatus.mock.calls.map(([status]) => status)).toEqual([
                { state: 'disconnected' },
                { state: 'connecting' },
                { state: 'connected', client: 'c-1', node: 'relay-1' },
                { state: 'reconnecting', code: 3001, message: 'shutdown' }
            ]);
            expect(lightline.connectionState()).toBe('connected');
        });
    });
});

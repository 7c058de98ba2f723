import { newAgenda } from '../agenda';

const DAY = 24 * 60 * 60 * 1000;

describe('c-lightline-connection: agenda', () => {
    let agenda;
    let done;

    beforeEach(() => {
        jest.useFakeTimers();
        agenda = newAgenda();
        done = [];
    });

    afterEach(() => jest.useRealTimers());

    function plan(key, wait) {
        agenda.at(Date.now() + wait, key, () => done.push(key));
    }

    it('does what is due, when it is due', () => {
        // given
        plan('late', 200);
        plan('early', 100);

        // when
        jest.advanceTimersByTime(100);
        const first = [...done];
        jest.advanceTimersByTime(100);

        // then
        expect(first).toEqual(['early']);
        expect(done).toEqual(['early', 'late']);
    });

    it('does it when somebody looks, though timers stand still as in a hidden tab', () => {
        // given
        plan('renewal', 1000);

        // when
        jest.setSystemTime(Date.now() + 1000);
        agenda.look();

        // then
        expect(done).toEqual(['renewal']);
    });

    it('does nothing too early, however often somebody looks', () => {
        plan('renewal', 1000);

        jest.setSystemTime(Date.now() + 999);
        agenda.look();

        expect(done).toEqual([]);
    });

    it('keeps one thing by key, the latest', () => {
        // given
        plan('dial', 100);
        plan('dial', 300);

        // when
        jest.advanceTimersByTime(200);
        const early = [...done];
        jest.advanceTimersByTime(100);

        // then
        expect(early).toEqual([]);
        expect(done).toEqual(['dial']);
    });

    it('forgets what is dropped, and has no timer when all is cleared', () => {
        // given
        plan('dropped', 100);
        plan('cleared', 100);

        // when
        agenda.drop('dropped');
        agenda.clear();
        jest.advanceTimersByTime(1000);

        // then
        expect(done).toEqual([]);
        expect(jest.getTimerCount()).toBe(0);
    });

    it('waits for longer than a timer can', () => {
        plan('renewal', 40 * DAY);

        jest.advanceTimersByTime(39 * DAY);
        expect(done).toEqual([]);
        jest.advanceTimersByTime(DAY);

        expect(done).toEqual(['renewal']);
    });

    it('lets an action plan the next one', () => {
        agenda.at(Date.now(), 'first', () => plan('second', 100));

        jest.advanceTimersByTime(100);

        expect(done).toEqual(['second']);
    });
});

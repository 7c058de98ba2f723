import { pause } from '../backoff';

describe('c-lightline-connection: back-off', () => {
    afterEach(() => jest.restoreAllMocks());

    it('waits for anything up to a ceiling that doubles, and is 30 seconds in the end', () => {
        // given
        const random = jest.spyOn(Math, 'random');

        // when
        random.mockReturnValue(1);
        const ceilings = [0, 1, 2, 3, 10, 100].map(pause);
        random.mockReturnValue(0);
        const floors = [0, 1, 10].map(pause);

        // then
        expect(ceilings).toEqual([500, 1000, 2000, 4000, 30000, 30000]);
        expect(floors).toEqual([0, 0, 0]);
    });
});

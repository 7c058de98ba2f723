import { csv, save, standalone } from 'c/lightlineLabExport';

describe('c/lightlineLabExport', () => {
    it('writes a line for each message', () => {
        const result = {
            label: 'WebSocket, "both"',
            mode: 'all',
            clients: 50,
            first: [1.23456, 2],
            total: [3, 4.5]
        };

        expect(csv([result]).split('\r\n')).toEqual([
            'transport,mode,clients,message,first_ms,total_ms',
            '"WebSocket, ""both""",all,50,1,1.235,3.000',
            '"WebSocket, ""both""",all,50,2,2.000,4.500',
            ''
        ]);
    });

    it('gives a spreadsheet no formula', () => {
        const result = { label: '=cmd()', mode: 'all', clients: 1, first: [1], total: [1] };

        expect(csv([result])).toContain('"\'=cmd()"');
    });

    it('lets the browser save a file under its name', () => {
        const clicked = [];
        URL.createObjectURL = () => 'blob:it';
        URL.revokeObjectURL = jest.fn();
        jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click() {
            clicked.push(`${this.download} ${this.href}`);
        });

        save('lab.csv', new Blob(['a']));

        expect(clicked).toEqual(['lab.csv blob:it']);
        expect(URL.revokeObjectURL).toHaveBeenCalledWith('blob:it');
    });

    it('takes the styles along into a picture', () => {
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
        const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
        line.style.setProperty('fill', 'red');
        svg.append(line);
        document.body.append(svg);

        const text = standalone(svg, 10, 20);

        expect(text).toContain('width="10"');
        expect(text).toMatch(/<line[^>]*fill: ?red/);
        svg.remove();
    });
});

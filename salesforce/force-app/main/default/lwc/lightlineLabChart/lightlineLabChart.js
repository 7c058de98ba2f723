import { LightningElement, api } from 'lwc';
import { png } from 'c/lightlineLabExport';
import { milliseconds } from 'c/lightlineLabStatistics';

const WIDTH = 680;
const LEFT = 64;
const RIGHT = 20;
const PLOT = 230;
const ROW = 20;
const TOP = 14;
const BOTTOM = 42;
const MARKERS = 8;
const SHAPES = [
    'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0Z',
    'M-4,-4h8v8h-8Z',
    'M0,-5L5,4H-5Z',
    'M0,-5.5L5.5,0L0,5.5L-5.5,0Z',
    'M-5,-4H5L0,5Z',
    'M-2,-5h4v3h3v4h-3v3h-4v-3h-3v-4h3Z'
];

/**
 * Lines of milliseconds, one value for each message, on a logarithmic scale, with reference lines. Series differ in colour, dashes
 * and markers. The values can be had as a table.
 */
export default class LightlineLabChart extends LightningElement {
    /** What it shows, as a heading. */
    @api heading;
    /** [{name, values}] in milliseconds. */
    @api series = [];
    /** [{label, value}] in milliseconds. */
    @api references = [];

    tableShown = false;

    /** The chart as a PNG file. */
    @api
    async png() {
        return png(this.template.querySelector('svg'));
    }

    get viewBox() {
        return `0 0 ${WIDTH} ${this.height}`;
    }

    get height() {
        return this.plotTop + PLOT + BOTTOM;
    }

    get plotTop() {
        return TOP + this.legendRows * ROW + 12;
    }

    get legendRows() {
        return this.series.length;
    }

    get plotLeft() {
        return LEFT;
    }

    get plotRight() {
        return WIDTH - RIGHT;
    }

    get plotBottom() {
        return this.plotTop + PLOT;
    }

    get plotWidth() {
        return WIDTH - RIGHT - LEFT;
    }

    get plotHeight() {
        return PLOT;
    }

    get messages() {
        return Math.max(1, ...this.series.map(({ values }) => values.length));
    }

    get description() {
        const lines = this.series.map(
            ({ name, values }) =>
                `${name}: ${values.length} messages, ${milliseconds(mean(values))} on average.`
        );
        const others = this.references.map(({ label, value }) => `${label}: ${milliseconds(value)}.`);
        return [
            'A logarithmic scale of milliseconds over the number of the message.',
            ...lines,
            ...others
        ].join(' ');
    }

    get lines() {
        return this.series.map(({ name, values }, index) => ({
            key: `${index} ${name}`,
            className: `series series-${index % SHAPES.length}`,
            points: values.map((value, at) => `${this.x(at + 1)},${this.y(value)}`).join(' '),
            markers: this.markers(values, index)
        }));
    }

    get legend() {
        return this.series.map(({ name, values }, index) => {
            const y = TOP + index * ROW + 6;
            return {
                key: `${index} ${name}`,
                className: `series series-${index % SHAPES.length}`,
                text: `${name}: mean ${milliseconds(mean(values))}`,
                shape: SHAPES[index % SHAPES.length],
                from: LEFT,
                to: LEFT + 44,
                middle: `translate(${LEFT + 22},${y})`,
                textX: LEFT + 54,
                y,
                textY: y + 4
            };
        });
    }

    get lowestDecade() {
        return Math.floor(Math.log10(Math.max(0.1, Math.min(...this.allValues))));
    }

    get highestDecade() {
        return Math.max(this.lowestDecade + 1, Math.ceil(Math.log10(Math.max(...this.allValues))));
    }

    get allValues() {
        const values = [
            ...this.series.flatMap((one) => one.values),
            ...this.references.map(({ value }) => value)
        ];
        return values.length > 0 ? values : [1, 100];
    }

    get ticks() {
        const ticks = [];
        for (let decade = this.lowestDecade; decade <= this.highestDecade; decade++) {
            const value = 10 ** decade;
            ticks.push({
                key: decade,
                y: this.y(value),
                textX: LEFT - 8,
                textY: this.y(value) + 4,
                text: value >= 1000 ? `${value / 1000} s` : `${value} ms`
            });
        }
        return ticks;
    }

    get numbers() {
        const last = this.messages;
        const step = niceStep(last);
        const numbers = [1];
        for (let number = step; number <= last; number += step) {
            if (number > 1) {
                numbers.push(number);
            }
        }
        return numbers.map((number) => ({ key: number, x: this.x(number), y: this.plotBottom + 16 }));
    }

    get axisTitle() {
        return { x: LEFT + this.plotWidth / 2, y: this.height - 6 };
    }

    get referenceLines() {
        const above = new Set();
        return this.references.map(({ label, value }) => {
            const y = this.y(value);
            // Two that are close have their words on both sides.
            const near = [...above].some((other) => Math.abs(other - y) < 14);
            above.add(y);
            return {
                key: label,
                y,
                textY: near ? y + 12 : y - 4,
                textX: this.plotRight - 6,
                text: `${label}: ${milliseconds(value)}`
            };
        });
    }

    get tableRows() {
        return Array.from({ length: this.messages }, (_, index) => ({
            key: index,
            number: index + 1,
            cells: this.series.map(({ name, values }) => ({
                key: name,
                text: values[index]?.toFixed(2) ?? '–'
            }))
        }));
    }

    get tableLabel() {
        return `Values: ${this.heading}`;
    }

    handleToggle(event) {
        this.tableShown = event.target.open;
    }

    x(message) {
        const span = Math.max(1, this.messages - 1);
        return round(LEFT + ((message - 1) / span) * this.plotWidth);
    }

    y(value) {
        const span = this.highestDecade - this.lowestDecade;
        const part = (Math.log10(Math.max(value, 10 ** this.lowestDecade)) - this.lowestDecade) / span;
        return round(this.plotBottom - part * PLOT);
    }

    markers(values, index) {
        const step = Math.max(1, Math.round(values.length / MARKERS));
        const markers = [];
        for (let at = Math.min(index, values.length - 1); at < values.length && at >= 0; at += step) {
            markers.push({
                key: at,
                shape: SHAPES[index % SHAPES.length],
                place: `translate(${this.x(at + 1)},${this.y(values[at])})`
            });
        }
        return markers;
    }
}

function mean(values) {
    return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}

/** Ten numbers at most along the axis. */
function niceStep(last) {
    const rough = Math.max(1, last / 10);
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
}

function round(value) {
    return Math.round(value * 10) / 10;
}

import { LightningElement, api } from 'lwc';
import { csv, save } from 'c/lightlineLabExport';
import { milliseconds, published, summarize } from 'c/lightlineLabStatistics';

const MODES = [
    { mode: 'all', heading: 'One message for all clients' },
    { mode: 'each', heading: 'One message for each client, as in the original experiment' }
];

/** What the lab has measured: for each mode a table of figures and two charts, with files to take away. */
export default class LightlineLabResults extends LightningElement {
    /** What run() answers, in the order of the runs. */
    @api results = [];

    get empty() {
        return this.results.length === 0;
    }

    get modes() {
        return MODES.map(({ mode, heading }) => ({
            mode,
            heading,
            results: this.results.filter((result) => result.mode === mode)
        }))
            .filter(({ results }) => results.length > 0)
            .map((group) => this.group(group));
    }

    group({ mode, heading, results }) {
        const { clients } = results[results.length - 1];
        return {
            mode,
            heading,
            rows: results.map((result, index) => row(result, index)),
            charts: ['first', 'total'].map((measure) => ({
                key: `${mode}-${measure}`,
                heading:
                    measure === 'first'
                        ? 'Until the first client has the message'
                        : 'Until every client has the message',
                file: `lightline-lab-${mode}-${measure}.png`,
                series: results.map((result) => ({ name: result.label, values: result[measure] })),
                references: published(clients).map((figure) => ({
                    label: `Published in 2020, ${figure.clients} clients, ${figure.transport}`,
                    value: figure[measure]
                }))
            }))
        };
    }

    handleCsv() {
        save('lightline-lab.csv', new Blob([csv(this.results)], { type: 'text/csv' }));
    }

    async handlePng(event) {
        const { key, file } = event.target.dataset;
        const chart = this.template.querySelector(`c-lightline-lab-chart[data-key="${key}"]`);
        save(file, await chart.png());
    }

    handleClear() {
        this.dispatchEvent(new CustomEvent('clear'));
    }
}

function row(result, index) {
    const first = summarize(result.first);
    const total = summarize(result.total);
    return {
        key: index,
        transport: result.transport,
        label: result.label,
        size: `${result.clients} × ${result.first.length}`,
        lost: result.lost,
        figures: [...figures('first', first), ...figures('total', total)]
    };
}

function figures(measure, summary) {
    return ['mean', 'median', 'p95', 'min', 'max'].map((name) => ({
        key: `${measure}-${name}`,
        value: summary?.[name],
        text: milliseconds(summary?.[name])
    }));
}

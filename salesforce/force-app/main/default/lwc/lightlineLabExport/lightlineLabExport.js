const COLUMNS = ['transport', 'mode', 'clients', 'message', 'first_ms', 'total_ms'];
const SCALE = 2;

/** One line for each message of each result, for a spreadsheet. */
export function csv(results) {
    const lines = [COLUMNS.join(',')];
    results.forEach(({ label, mode, clients, first, total }) =>
        first.forEach((value, index) =>
            lines.push(
                [quoted(label), mode, clients, index + 1, value.toFixed(3), total[index].toFixed(3)].join(',')
            )
        )
    );
    return lines.join('\r\n') + '\r\n';
}

/** A spreadsheet would take what begins with one of these for a formula. */
function quoted(text) {
    const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
}

/** Lets the browser save a file. */
export function save(name, blob) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
}

/** An SVG element as it looks now, as a picture. */
export async function png(svg) {
    const { width, height } = svg.viewBox.baseVal;
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg, width, height))}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    const context = canvas.getContext('2d');
    context.scale(SCALE, SCALE);
    context.drawImage(image, 0, 0, width, height);
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

const STYLES = [
    'fill',
    'stroke',
    'stroke-width',
    'stroke-dasharray',
    'stroke-linecap',
    'stroke-linejoin',
    'opacity',
    'paint-order',
    'font-family',
    'font-size',
    'font-weight',
    'text-anchor',
    'dominant-baseline'
];

/** The style sheets stay behind, so what they say goes along in the elements. */
export function standalone(svg, width, height) {
    const copy = svg.cloneNode(true);
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('width', width);
    copy.setAttribute('height', height);
    const copies = copy.querySelectorAll('*');
    svg.querySelectorAll('*').forEach((element, index) => {
        const computed = getComputedStyle(element);
        STYLES.forEach((name) => copies[index].style.setProperty(name, computed.getPropertyValue(name)));
    });
    return new XMLSerializer().serializeToString(copy);
}

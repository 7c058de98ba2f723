import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import lwc from '@lwc/rollup-plugin';
import nodeResolve from '@rollup/plugin-node-resolve';
import replace from '@rollup/plugin-replace';

/*
 * Builds the SFDX components as they are, with the open-source compiler, for pages that the local stack serves. Only what the
 * platform has instead of a file is ours: Apex methods and the lightning/* services (src/). Everything goes to target/.
 */

const here = dirname(fileURLToPath(import.meta.url));
const components = resolve(here, '../force-app/main/default/lwc');
const target = join(here, 'target');
const modules = join(target, 'modules');
const unfinished = join(target, 'unfinished');
const site = join(target, 'site');

/** What is served is replaced at once, and only by something whole. */
const folders = {
    name: 'folders',
    buildStart() {
        [modules, unfinished].forEach((folder) => rmSync(folder, { recursive: true, force: true }));
        mkdirSync(join(modules, 'c'), { recursive: true });
        linkComponents();
        generateSamples();
        copyPages();
    },
    writeBundle() {
        rmSync(site, { recursive: true, force: true });
        renameSync(unfinished, site);
    }
};

/** The compiler takes a folder's name for the namespace, and SFDX has another one. */
function linkComponents() {
    readdirSync(components, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== '__tests__')
        .forEach(({ name }) => symlinkSync(join(components, name), join(modules, 'c', name), 'junction'));
}

/** Two components from one source, which differ in the line that they import: what a page does that comes from empApi. */
function generateSamples() {
    const source = join(here, 'samples/orderFeed');
    const javaScript = readFileSync(join(source, 'orderFeed.js'), 'utf8');
    const imported = "from 'lightning/empApi';";
    if (javaScript.split(imported).length !== 2) {
        throw new Error(`${source} has to import from lightning/empApi once`);
    }
    for (const [name, module] of [
        ['orderFeedOverEmpApi', 'lightning/empApi'],
        ['orderFeedOverLightline', 'c/lightline']
    ]) {
        const folder = join(modules, 'c', name);
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, `${name}.js`), javaScript.replace(imported, `from '${module}';`));
        writeFileSync(join(folder, `${name}.html`), readFileSync(join(source, 'orderFeed.html')));
    }
}

function copyPages() {
    const designSystem = join(here, 'node_modules/@salesforce-ux/design-system/assets/styles');
    cpSync(join(here, 'pages'), unfinished, { recursive: true });
    cpSync(
        join(designSystem, 'salesforce-lightning-design-system.min.css'),
        join(unfinished, 'salesforce-lightning-design-system.css')
    );
}

function shims(folder, prefix) {
    return readdirSync(join(here, 'src', folder)).map((file) => ({
        name: prefix + file.replace(/\.js$/, ''),
        path: join(here, 'src', folder, file)
    }));
}

export default {
    input: Object.fromEntries(['shadow', 'lab', 'samples'].map((page) => [page, join(here, `src/${page}.js`)])),
    // A component belongs to this build where it is linked, not where it lies.
    preserveSymlinks: true,
    output: { dir: unfinished, format: 'esm', chunkFileNames: '[name].js' },
    onwarn(warning, warn) {
        // The base components' own, which nobody here can mend.
        const theirs = ['CIRCULAR_DEPENDENCY', 'THIS_IS_UNDEFINED'].includes(warning.code);
        if (!theirs && !(warning.message ?? '').includes('lightning-base-components')) {
            warn(warning);
        }
    },
    plugins: [
        folders,
        replace({
            'import.meta.env.SSR': 'false',
            'process.env.NODE_ENV': JSON.stringify('production'),
            preventAssignment: true
        }),
        nodeResolve({ browser: true, resolveOnly: ['cometd'] }),
        lwc({
            rootDir: here,
            exclude: ['**/node_modules/cometd/**'],
            modules: [
                { dir: 'target/modules' },
                ...shims('apex', '@salesforce/apex/'),
                ...shims('lightning', 'lightning/'),
                { npm: 'lightning-base-components' }
            ]
        })
    ]
};

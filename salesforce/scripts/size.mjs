/* How large the library is that every page loads: minified and gzipped, as a browser gets it. Fails above the limit. */
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rollup } from 'rollup';
import { minify } from 'terser';

const LIMIT = 6250;
const MODULES = fileURLToPath(new URL('../force-app/main/default/lwc/', import.meta.url));

/** Imports as a Lightning page resolves them. */
const lwc = {
    name: 'lwc',
    resolveId(imported, importer) {
        const [, name] = /^c\/(\w+)$/.exec(imported) ?? [];
        return imported.startsWith('./')
            ? importer.replace(/[^/]+$/, `${imported.slice(2)}.js`)
            : name && `${MODULES}${name}/${name}.js`;
    }
};

const bundle = await rollup({
    input: `${MODULES}lightline/lightline.js`,
    external: /^@salesforce\//,
    plugins: [lwc]
});
const { output } = await bundle.generate({ format: 'es' });
const { code } = await minify(output[0].code, { module: true, ecma: 2020, compress: { passes: 3 } });
const bytes = gzipSync(code, { level: 9 }).length;

console.log(`lightline, with lightlineConnection: ${bytes} bytes minified and gzipped (${LIMIT} at most)`);
process.exitCode = bytes > LIMIT ? 1 : 0;

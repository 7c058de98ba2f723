/* How node finds the modules of Lightning web components: see lwc.js. */
const MODULES = new URL("../../../salesforce/force-app/main/default/lwc/", import.meta.url);
const APEX = "@salesforce/apex/";

export async function resolve(specifier, context, next) {
  if (specifier.startsWith("c/")) {
    const name = specifier.slice(2);
    return { url: new URL(`${name}/${name}.js`, MODULES).href, shortCircuit: true };
  }
  if (specifier.startsWith(APEX)) {
    return { url: `apex:${specifier.slice(APEX.length)}`, shortCircuit: true };
  }
  if (context.parentURL?.startsWith(MODULES.href) && specifier.startsWith("./")) {
    return { url: new URL(`${specifier}.js`, context.parentURL).href, shortCircuit: true };
  }
  return await next(specifier, context);
}

export async function load(url, context, next) {
  if (url.startsWith("apex:")) {
    const method = JSON.stringify(url.slice("apex:".length));
    const source = `export default async (parameters) => globalThis.lightlineApex.get(${method})(parameters);`;
    return { format: "module", source, shortCircuit: true };
  }
  // The folder has no package.json that would say so.
  return await next(url, url.startsWith(MODULES.href) ? { ...context, format: "module" } : context);
}

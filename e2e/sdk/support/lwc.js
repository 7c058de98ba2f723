/*
 * Lightning web components' modules in node: `c/<name>` is the folder of that name in salesforce/, a relative import needs no file
 * ending, and `@salesforce/apex/<method>` calls what `apex` holds for it. Import this before anything of the page's.
 */
import { register } from "node:module";
import WebSocket from "ws";

/** By the name of the Apex method: what it is to answer. */
export const apex = new Map();

globalThis.WebSocket = WebSocket;
globalThis.lightlineApex = apex;
register(new URL("lwc-hooks.js", import.meta.url));

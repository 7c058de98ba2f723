/* JSON Web Tokens, as back ends make them: RFC 7515 with what node carries. */
import { createHmac, createPublicKey, sign } from "node:crypto";
import { EventEmitter } from "node:events";
import { Heard } from "./heard.js";

const { ACME_SECRET, GLOBEX_CERTIFICATE, GLOBEX_PRIVATE_KEY, INITECH_PRIVATE_KEY } = process.env;

/** A token of acme, an application with a shared secret: good for a connection of the user, unless the claims say otherwise. */
export function acmeToken(user, claims = {}) {
  return hs256({ iss: "acme", aud: "lightline", sub: user, exp: inSeconds(300), ...claims }, ACME_SECRET);
}

/** A token of acme for one subscription. */
export function acmeSubscriptionToken(user, channel, claims = {}) {
  return acmeToken(user, { channel, ...claims });
}

/** A token of globex, a Salesforce org that signs with the key of a certificate. */
export function globexToken(user, claims = {}) {
  return rs256({ ...globexClaims(user), ...claims }, GLOBEX_PRIVATE_KEY);
}

/** What somebody tries who knows the public key of globex only: to let it pass for a shared secret. */
export function globexTokenWithPublicKeyAsSecret(user) {
  const publicKey = createPublicKey(GLOBEX_CERTIFICATE).export({ type: "spki", format: "pem" });
  return hs256(globexClaims(user), publicKey);
}

/**
 * The token that Apex makes for a connection in initech, a Salesforce org: what `LightlineTokens.connection()` puts into it.
 * `privateKey`: that of another org's certificate.
 */
export function apexToken({ id, name, caps = [] }, privateKey = INITECH_PRIVATE_KEY) {
  return apex({ ...apexClaims(id), info: { name }, caps }, privateKey);
}

/** The token that Apex makes in initech for a channel of one record: `LightlineTokens.forChannels()`. */
export function apexRecordToken({ id }, channel, privateKey = INITECH_PRIVATE_KEY) {
  return apex({ ...apexClaims(id), channel }, privateKey);
}

/** `Auth.JWS` names the algorithm in the header, and nothing else: no `typ`, and no `kid` to find the key by. */
function apex(claims, privateKey) {
  return jwt({ alg: "RS256" }, claims, rsa(privateKey));
}

function apexClaims(user) {
  return {
    iss: "https://initech.my.salesforce.com",
    sub: user,
    aud: "lightline",
    iat: inSeconds(0),
    nbf: inSeconds(-30),
    exp: inSeconds(300),
  };
}

/** A token that nobody has signed. */
export function unsignedToken(claims) {
  return jwt({ alg: "none", typ: "JWT" }, claims, () => Buffer.alloc(0));
}

export function hs256(claims, secret) {
  const signer = (content) => createHmac("sha256", secret).update(content).digest();
  return jwt({ alg: "HS256", typ: "JWT" }, claims, signer);
}

function rs256(claims, privateKey) {
  return jwt({ alg: "RS256", typ: "JWT" }, claims, rsa(privateKey));
}

function rsa(privateKey) {
  return (content) => sign("RSA-SHA256", Buffer.from(content), privateKey);
}

/** A time as tokens have it. */
export function inSeconds(seconds) {
  return Math.floor(Date.now() / 1000) + seconds;
}

function globexClaims(user) {
  return { iss: "https://globex.example", sub: user, exp: inSeconds(300) };
}

function jwt(header, claims, signer) {
  const content = [header, claims].map((part) => base64url(JSON.stringify(part))).join(".");
  return `${content}.${base64url(signer(content))}`;
}

function base64url(content) {
  return Buffer.from(content).toString("base64url");
}

/** A back end that the SDK asks for tokens: `getToken`, and as `fetched` what it has handed out. */
export function tokenSource(make) {
  const source = new EventEmitter();
  const fetched = new Heard(source, "token");
  const getToken = async () => {
    const token = await make(fetched.all.length);
    source.emit("token", token);
    return token;
  };
  return { getToken, fetched };
}

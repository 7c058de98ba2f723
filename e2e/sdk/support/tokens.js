/* JSON Web Tokens, as back ends make them: RFC 7515 with what node carries. */
import { createHmac, sign } from "node:crypto";
import { EventEmitter } from "node:events";
import { Heard } from "./heard.js";

const { ACME_SECRET, GLOBEX_PUBLIC_KEY, GLOBEX_PRIVATE_KEY } = process.env;

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
  const signer = (content) => sign("RSA-SHA256", Buffer.from(content), GLOBEX_PRIVATE_KEY);
  return jwt("RS256", { ...globexClaims(user), ...claims }, signer);
}

/** What somebody tries who knows the public key of globex only: to let it pass for a shared secret. */
export function globexTokenWithPublicKeyAsSecret(user) {
  return hs256(globexClaims(user), GLOBEX_PUBLIC_KEY);
}

/** A token that nobody has signed. */
export function unsignedToken(claims) {
  return jwt("none", claims, () => Buffer.alloc(0));
}

export function hs256(claims, secret) {
  return jwt("HS256", claims, (content) => createHmac("sha256", secret).update(content).digest());
}

/** A time as tokens have it. */
export function inSeconds(seconds) {
  return Math.floor(Date.now() / 1000) + seconds;
}

function globexClaims(user) {
  return { iss: "https://globex.example", sub: user, exp: inSeconds(300) };
}

function jwt(alg, claims, signer) {
  const content = [{ alg, typ: "JWT" }, claims].map((part) => base64url(JSON.stringify(part))).join(".");
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

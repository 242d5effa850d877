// The OpenID provider of npm `oidc-provider`, on loopback over TLS, with this product's native client registered.
//
// Takes one JSON object as its argument. Answers on standard output, one JSON object a line: first where it listens,
// then one line for every command. Ends when standard input ends.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';

import { follow, say, stopClock } from './lines.mjs';

const given = JSON.parse(process.argv[2]);
const clock = given.now === undefined ? undefined : stopClock(given.now);
// Its warnings about a development set-up are meant for people who deploy it.
console.warn = console.info = () => {};
const { Provider } = await import('oidc-provider');

const server = given.tls
  ? createTlsServer({
      cert: readFileSync(given.tls.certificate),
      key: readFileSync(given.tls.key),
      minVersion: 'TLSv1.3',
    })
  : createPlainServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `${given.tls ? 'https' : 'http'}://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const provider = new Provider(issuer, {
  clients: [given.client],
  scopes: ['openid', 'offline_access', 'profile', 'email', 'phone', 'applications', 'sessions'],
  claims: {
    profile: ['name', 'given_name', 'family_name'],
    email: ['email', 'email_verified'],
    phone: ['phone_number', 'phone_number_verified'],
  },
  conformIdTokenClaims: false,
  ...(given.rotate === undefined ? {} : { rotateRefreshToken: given.rotate }),
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
  cookies: { keys: ['of a test'] },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300 },
  features: {
    devInteractions: { enabled: true },
    revocation: { enabled: true },
    ...given.features,
    dPoP: { ...given.features.dPoP, ...nonces(given.dpopNonce) },
  },
  findAccount: (_context, subject) => ({
    accountId: subject,
    claims: () => ({
      sub: subject,
      name: 'Anna Made-Up',
      given_name: 'Anna',
      family_name: 'Made-Up',
    }),
  }),
});
const events = [];
for (const name of [
  'authorization.success',
  'authorization.error',
  'authorization_code.consumed',
  'grant.success',
  'grant.error',
  'grant.revoked',
  'refresh_token.consumed',
  'revocation.error',
  'pushed_authorization_request.success',
  'pushed_authorization_request.error',
  'server_error',
]) {
  provider.on(name, () => events.push(name));
}
provider.on('access_token.saved', (token) => {
  events.push(token.jkt ? 'access_token.bound' : 'access_token.bearer');
});
server.on('request', (request, response) => {
  // The client reads the provider's clock from here, so it must be the one that stands.
  if (clock) response.setHeader('Date', new Date(Date.now()).toUTCString());
  provider.callback()(request, response);
});

const { version } = createRequire(import.meta.url)('oidc-provider/package.json');
say({ ready: { issuer, judge: 'oidc-provider', version, runtime: `Node ${process.version}` } });
follow({
  advance: ({ seconds }) => {
    clock.advance(seconds);
    return {};
  },
  /** What happened since this was asked last, by the provider's own names. */
  events: () => events.splice(0),
});

function nonces(demanded) {
  if (!demanded) return {};
  return { nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true };
}

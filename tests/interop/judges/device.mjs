// The client of npm `openid-client` on a device without a browser (RFC 8628), with a person elsewhere.
//
// Takes one JSON object as its argument; `NODE_EXTRA_CA_CERTS` names the authority that it trusts. Answers with one
// JSON object on standard output: what it saw. Everything that it checks by itself ends it with an error.
import { createRequire } from 'node:module';

import * as client from 'openid-client';

import { Browser } from './browser.mjs';
import { say, stopClock } from './lines.mjs';

const given = JSON.parse(process.argv[2]);
stopClock(given.now);

const config = await client.discovery(
  new URL(given.issuer),
  given.clientId,
  { id_token_signed_response_alg: 'ES256' },
  client.None(),
);
client.enableNonRepudiationChecks(config);
const bound = given.dpop
  ? { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256')) }
  : {};

const waiting = await client.initiateDeviceAuthorization(config, { scope: given.scope });
const person = { ...given.person, user_code: waiting.user_code.toLowerCase() };
const lastPage = await new Browser().walkToTheEnd(waiting.verification_uri, person);
const tokens = await client.pollDeviceAuthorizationGrant(config, waiting, undefined, bound);
const claims = tokens.claims();
const profile = await client.fetchUserInfo(config, tokens.access_token, claims.sub, bound);
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, bound);

const { version } = createRequire(import.meta.url)('openid-client/package.json');
say({
  judge: 'openid-client',
  version,
  runtime: `Node ${process.version}`,
  lastPage,
  audience: claims.aud,
  tokenType: tokens.token_type,
  name: profile.name,
  refreshRotated: renewed.refresh_token !== tokens.refresh_token,
});

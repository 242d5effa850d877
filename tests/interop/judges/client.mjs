// The client of npm `openid-client`, going through the whole life of a session with a provider.
//
// Takes one JSON object as its argument; `NODE_EXTRA_CA_CERTS` names the authority that it trusts. Answers with one
// JSON object on standard output: what it saw, step by step. Everything that it checks by itself ends it with an error.
import { createRequire } from 'node:module';

import * as client from 'openid-client';

import { Browser } from './browser.mjs';
import { say, stopClock } from './lines.mjs';

const given = JSON.parse(process.argv[2]);
stopClock(given.now);

const REDIRECT = 'http://127.0.0.1:50999/callback';
const SIGNED_OUT = 'http://127.0.0.1:50999/signed-out';

const config = await client.discovery(
  new URL(given.issuer),
  given.clientId,
  { id_token_signed_response_alg: 'ES256' },
  client.None(),
);
// A certified client can check the signature of an ID token that came straight from the token endpoint, too.
client.enableNonRepudiationChecks(config);
const bound = given.dpop
  ? { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256')) }
  : {};

const browser = new Browser();
const { tokens, claims } = await signIn();
const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub, bound);
const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, bound);
const again = await client.fetchUserInfo(config, renewed.access_token, claims.sub, bound);
await client.tokenRevocation(config, renewed.refresh_token);
const afterRevocation = await refusal(() =>
  client.refreshTokenGrant(config, renewed.refresh_token, undefined, bound),
);
const afterRevocationAtUserInfo = await refusal(() =>
  client.fetchUserInfo(config, renewed.access_token, claims.sub, bound),
);
const home = await signOut(renewed.id_token ?? tokens.id_token);
const afterSignOut = await refusal(() => signIn({ prompt: 'none' }));

const { version } = createRequire(import.meta.url)('openid-client/package.json');
say({
  judge: 'openid-client',
  version,
  runtime: `Node ${process.version}`,
  subject: claims.sub,
  audience: claims.aud,
  tokenType: tokens.token_type,
  scope: tokens.scope,
  name: person.name,
  sameAfterRefresh: again.sub === person.sub,
  refreshRotated: renewed.refresh_token !== tokens.refresh_token,
  accessRenewed: renewed.access_token !== tokens.access_token,
  afterRevocation,
  afterRevocationAtUserInfo,
  signedOutTo: `${home.origin}${home.pathname}`,
  signedOutState: home.searchParams.get('state'),
  afterSignOut,
});

async function signIn(extra = {}) {
  const verifier = client.randomPKCECodeVerifier();
  const expected = { state: client.randomState(), nonce: client.randomNonce() };
  const parameters = {
    redirect_uri: REDIRECT,
    scope: given.scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...expected,
    ...extra,
  };
  const address = given.par
    ? await client.buildAuthorizationUrlWithPAR(config, parameters, bound)
    : client.buildAuthorizationUrl(config, parameters);
  const answer = await browser.walk(address.href, given.person, REDIRECT);
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: expected.state,
    expectedNonce: expected.nonce,
    idTokenExpected: true,
  };
  const tokens = await client.authorizationCodeGrant(config, answer, checks, undefined, bound);
  return { tokens, claims: tokens.claims() };
}

async function signOut(hint) {
  const address = client.buildEndSessionUrl(config, {
    id_token_hint: hint,
    post_logout_redirect_uri: SIGNED_OUT,
    state: 'home again',
  });
  return browser.walk(address.href, given.person, SIGNED_OUT);
}

/** The error code with which something is refused; undefined where it is not. */
async function refusal(attempt) {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    const challenge = error.cause?.[0]?.parameters?.error;
    const code = error.error ?? challenge;
    if (code === undefined) throw error;
    return code;
  }
}

-- Instants are milliseconds since 1970 UTC. Tokens are kept as SHA-256 of their text.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    id TEXT PRIMARY KEY,
    -- What one signs in by, in the written form of uc-model; e-mail in lower case.
    phone TEXT UNIQUE,
    email TEXT UNIQUE,
    snils TEXT UNIQUE,
    -- PHC string of Argon2id.
    password_hash TEXT NOT NULL,
    -- PersonProfile as JSON.
    profile TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_key (
    kid TEXT PRIMARY KEY,
    pkcs8 BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A person signed in in a browser.
CREATE TABLE browser_session (
    id_hash BLOB PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    signed_in_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An authorization request on its way through sign-in and consent, bound to one browser.
CREATE TABLE authorization_flow (
    id_hash BLOB PRIMARY KEY,
    browser_hash BLOB NOT NULL,
    -- AuthorizationRequest as JSON.
    request TEXT NOT NULL,
    -- Who signed in for it.
    person TEXT REFERENCES person (id) ON DELETE CASCADE,
    signed_in_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person allowed a client; the family of all tokens that came of it.
CREATE TABLE client_grant (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    scope TEXT NOT NULL,
    signed_in_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX client_grant_person ON client_grant (person);

CREATE TABLE authorization_code (
    code_hash BLOB PRIMARY KEY,
    client_grant TEXT NOT NULL REFERENCES client_grant (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    nonce TEXT,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX authorization_code_grant ON authorization_code (client_grant);

-- Of one grant, one token is current, at most one previous, all others are retired.
CREATE TABLE refresh_token (
    token_hash BLOB PRIMARY KEY,
    client_grant TEXT NOT NULL REFERENCES client_grant (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('current', 'previous', 'retired')),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_token_grant ON refresh_token (client_grant, state);

CREATE TABLE access_token (
    token_hash BLOB PRIMARY KEY,
    client_grant TEXT NOT NULL REFERENCES client_grant (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX access_token_grant ON access_token (client_grant);
CREATE INDEX access_token_expiry ON access_token (expires_at);

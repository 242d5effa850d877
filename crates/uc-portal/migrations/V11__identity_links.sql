-- Whose account somebody at another identity provider has: by issuer and subject, and by nothing else.
CREATE TABLE identity_link (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- What the provider called them when they linked it: shown to them, compared with nothing.
    called TEXT,
    linked_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_link_person ON identity_link (person);

-- A browser that left for a provider. Holds as long as its flow.
CREATE TABLE upstream_trip (
    state_hash BLOB PRIMARY KEY,
    flow_hash BLOB NOT NULL REFERENCES authorization_flow (id_hash) ON DELETE CASCADE,
    -- The flow's id, to lead the browser back: worth nothing without the browser's own secret.
    flow TEXT NOT NULL,
    provider TEXT NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    -- When the person must have signed in there, at the earliest.
    since INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX upstream_trip_flow ON upstream_trip (flow_hash);

-- Somebody who came back from a provider and whose account is not known. Whoever signs in next in the flow links them.
CREATE TABLE upstream_arrival (
    flow_hash BLOB PRIMARY KEY REFERENCES authorization_flow (id_hash) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    called TEXT
) STRICT, WITHOUT ROWID;

-- How far the provider that the person came from is trusted; NULL when they gave a password.
ALTER TABLE browser_session ADD COLUMN trust TEXT;
ALTER TABLE authorization_flow ADD COLUMN trust TEXT;
ALTER TABLE client_grant ADD COLUMN trust TEXT;
ALTER TABLE half_sign_in ADD COLUMN trust TEXT;

-- Devices without a browser that wait for consent (RFC 8628). Codes are kept as SHA-256 of their text.
CREATE TABLE pairing (
    code_hash BLOB PRIMARY KEY,
    user_code_hash BLOB NOT NULL UNIQUE,
    client TEXT NOT NULL,
    scope TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'allowed', 'refused')),
    -- What was allowed.
    client_grant TEXT REFERENCES client_grant (id) ON DELETE CASCADE,
    -- Seconds that the device is to let pass between two questions, and when it asked last.
    pause_seconds INTEGER NOT NULL,
    asked_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pairing_expiry ON pairing (expires_at);
CREATE INDEX pairing_grant ON pairing (client_grant) WHERE client_grant IS NOT NULL;

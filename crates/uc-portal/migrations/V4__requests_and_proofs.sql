-- Authorization requests that clients sent ahead (RFC 9126), each used once.
CREATE TABLE pushed_request (
    id_hash BLOB PRIMARY KEY,
    client TEXT NOT NULL,
    -- AuthorizationRequest as JSON.
    request TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pushed_request_expiry ON pushed_request (expires_at);

-- What may be shown once only: proofs of possession (RFC 9449 §11.1) and client assertions (RFC 7523 §3), by the hash of
-- who shows them and their `jti`. Rows are numbered, so that how many there are is known without counting.
CREATE TABLE shown_once (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id_hash BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX shown_once_expiry ON shown_once (expires_at);

-- Thumbprints of keys (RFC 7638) that tokens are bound to; without one, who holds the token may use it.
ALTER TABLE authorization_code ADD COLUMN key_thumbprint BLOB;
ALTER TABLE client_grant ADD COLUMN key_thumbprint BLOB;
ALTER TABLE access_token ADD COLUMN key_thumbprint BLOB;

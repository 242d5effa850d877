-- A file of a person as it is kept: looked at and cleaned.
CREATE TABLE stored_file (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- SHA-256 of what the person sent.
    content_hash BLOB NOT NULL,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    -- Of what the person sent: what counts against their share.
    size INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    PRIMARY KEY (person, content_hash)
) STRICT;

-- A file on its way, and how much of it has come.
CREATE TABLE upload (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    content_hash BLOB NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    received INTEGER NOT NULL DEFAULT 0 CHECK (received <= size),
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (person, content_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_expiry ON upload (expires_at);

CREATE TABLE upload_chunk (
    person TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    -- Where in the file it begins.
    start INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (person, content_hash, start),
    FOREIGN KEY (person, content_hash) REFERENCES upload (person, content_hash) ON DELETE CASCADE
) STRICT;

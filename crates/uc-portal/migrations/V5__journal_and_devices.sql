-- What happened to whom: entries are added and never changed. No foreign key: the journal outlives its persons.
CREATE TABLE journal (
    -- From 1, without gaps.
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    -- AuthEvent as JSON.
    event TEXT NOT NULL,
    person TEXT,
    -- A neighbourhood of addresses.
    address TEXT,
    device TEXT,
    -- SHA-256 of the entry before and of this one.
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX journal_person ON journal (person, seq) WHERE person IS NOT NULL;

CREATE TRIGGER journal_is_not_altered BEFORE UPDATE ON journal BEGIN
    SELECT raise(ABORT, 'the journal is append-only');
END;
CREATE TRIGGER journal_is_not_shortened BEFORE DELETE ON journal BEGIN
    SELECT raise(ABORT, 'the journal is append-only');
END;

-- The last entry, so that a missing end is found.
CREATE TABLE journal_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO journal_head (one, seq, hash) VALUES (1, 0, zeroblob(32));

-- A browser of a person.
CREATE TABLE device (
    id TEXT PRIMARY KEY,
    -- SHA-256 of the secret that its cookie holds; several persons may use one browser.
    token_hash BLOB NOT NULL,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- 1 when the person said that it is theirs.
    known INTEGER NOT NULL CHECK (known IN (0, 1)),
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    UNIQUE (person, token_hash)
) STRICT;

ALTER TABLE browser_session ADD COLUMN device TEXT REFERENCES device (id) ON DELETE CASCADE;
CREATE INDEX browser_session_person ON browser_session (person);
CREATE INDEX browser_session_device ON browser_session (device);

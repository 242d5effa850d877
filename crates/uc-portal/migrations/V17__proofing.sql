-- What a person says of their documents. The last of it.
CREATE TABLE proofing (
    person TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    -- New with every change: a decision is about what its operator saw.
    id TEXT NOT NULL UNIQUE,
    -- 'filling', 'waiting', 'confirmed' or 'returned'.
    state TEXT NOT NULL,
    -- Papers as JSON.
    papers TEXT NOT NULL,
    -- What is to be changed, in the operator's words.
    reason TEXT,
    -- Since when it waits, and the language of the person then.
    sent_at INTEGER,
    language TEXT,
    decided_at INTEGER,
    decided_by TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX proofing_state ON proofing (state, sent_at);

CREATE TABLE scan (
    person TEXT NOT NULL REFERENCES proofing (person) ON DELETE CASCADE,
    -- 'main' or 'registration'.
    page TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    PRIMARY KEY (person, page),
    FOREIGN KEY (person, content_hash) REFERENCES stored_file (person, content_hash)
) STRICT, WITHOUT ROWID;

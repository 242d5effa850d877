-- The person's affairs. Never dropped: set aside and reported when damaged.

-- What the key bundle remembers too: a vault that is behind it was rolled back or lost its log.
CREATE TABLE mark (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    generation TEXT NOT NULL,
    high_water INTEGER NOT NULL
) STRICT;

-- One row for everything that lists show: drafts, what waits to be sent, what the portal has.
-- `state`, `state_group`, `since` and `updated_at` follow from the portal's copy, the outbox and the draft.
CREATE TABLE application (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    service TEXT NOT NULL,
    title TEXT NOT NULL,
    agency TEXT NOT NULL,
    number TEXT,
    status TEXT,
    changed_at INTEGER,
    due_at INTEGER,
    revision INTEGER NOT NULL DEFAULT 0,
    dialog TEXT,
    state TEXT NOT NULL,
    state_group TEXT NOT NULL,
    since INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    haystack TEXT NOT NULL
) STRICT;
CREATE INDEX application_by_time ON application (updated_at DESC, id DESC);
CREATE INDEX application_by_group ON application (state_group, updated_at DESC, id DESC);

CREATE TABLE draft (
    application BLOB PRIMARY KEY,
    service TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    submission INTEGER NOT NULL,
    answers TEXT NOT NULL,
    from_profile TEXT NOT NULL,
    step INTEGER NOT NULL,
    faults TEXT,
    saved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX draft_by_service ON draft (service);

-- `seq` is the order of the presses of «send». Rows leave when the portal answers.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key BLOB NOT NULL UNIQUE CHECK (length(idempotency_key) = 16),
    application BLOB NOT NULL,
    service TEXT NOT NULL,
    person TEXT NOT NULL,
    form_version INTEGER NOT NULL,
    submission INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    sealed_at INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    answers TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    UNIQUE (application, submission)
) STRICT;

CREATE TABLE message (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    application BLOB NOT NULL,
    sent_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    text_en TEXT,
    is_read INTEGER NOT NULL
) STRICT;
CREATE INDEX message_by_time ON message (sent_at DESC, id DESC);
CREATE INDEX message_by_application ON message (application, sent_at, id);
CREATE INDEX message_unread ON message (id) WHERE is_read = 0;

CREATE TABLE profile (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    document TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE service_usage (
    service TEXT PRIMARY KEY,
    uses INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_cursor (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    next TEXT,
    synced_at INTEGER
) STRICT;

-- Messages to persons. Address and words are there only as long as the message is on its way; the rest is the log.
CREATE TABLE message (
    id TEXT PRIMARY KEY,
    -- Whom it is about.
    person TEXT REFERENCES person (id) ON DELETE SET NULL,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
    -- Purpose as a word.
    purpose TEXT NOT NULL,
    recipient TEXT,
    subject TEXT,
    body TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'expired')),
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER,
    -- Why the last try failed, as a word.
    fault TEXT,
    created_at INTEGER NOT NULL,
    -- From when on it is worthless.
    expires_at INTEGER NOT NULL,
    done_at INTEGER,
    CHECK ((state = 'waiting') = (next_try_at IS NOT NULL)),
    CHECK ((state = 'waiting') = (recipient IS NOT NULL AND subject IS NOT NULL AND body IS NOT NULL))
) STRICT;
CREATE INDEX message_due ON message (next_try_at) WHERE state = 'waiting';
CREATE INDEX message_person ON message (person, created_at);

-- What arrived in the demo's mailbox.
CREATE TABLE mailbox (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'email')),
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;

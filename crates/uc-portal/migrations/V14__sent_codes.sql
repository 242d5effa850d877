-- A code that was sent, and what it opens. The last one of a slot only.
CREATE TABLE sent_code (
    -- SHA-256 of the purpose and of the secret that it is bound to.
    slot BLOB PRIMARY KEY,
    -- SHA-256 of the slot's secret and the code; NULL where no code opens it.
    code_hash BLOB,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_code_expiry ON sent_code (expires_at);

-- When codes were sent, for a day, by what they are counted for.
CREATE TABLE code_sending (
    subject TEXT NOT NULL,
    sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX code_sending_subject ON code_sending (subject, sent_at);
CREATE INDEX code_sending_time ON code_sending (sent_at);

-- Since when a person is known to read messages there; NULL where nobody tried.
ALTER TABLE person ADD COLUMN phone_confirmed_at INTEGER;

-- Somebody on the way to an account of their own, bound to one browser.
CREATE TABLE registration (
    -- Of the id of the flow that it began in; that may end before.
    flow_hash BLOB PRIMARY KEY,
    browser_hash BLOB NOT NULL,
    phone TEXT NOT NULL,
    -- Since when the phone is known to be theirs.
    confirmed_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX registration_expiry ON registration (expires_at);

-- What a person agreed to.
CREATE TABLE agreement (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- 'terms' or 'privacy'.
    document TEXT NOT NULL,
    version INTEGER NOT NULL,
    agreed_at INTEGER NOT NULL,
    PRIMARY KEY (person, document, version)
) STRICT, WITHOUT ROWID;

-- Somebody on the way back to an account, bound to one browser.
CREATE TABLE recovery (
    -- Of the id of the flow that it began in; that may end before.
    flow_hash BLOB PRIMARY KEY,
    browser_hash BLOB NOT NULL,
    -- NULL where the name is nobody's or nothing can be sent: no code comes, and none opens it.
    person TEXT REFERENCES person (id) ON DELETE CASCADE,
    confirmed_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_expiry ON recovery (expires_at);
CREATE INDEX recovery_person ON recovery (person);

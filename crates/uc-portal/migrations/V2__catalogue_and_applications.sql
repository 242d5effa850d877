-- Instants are milliseconds since 1970 UTC. UUIDs are their hyphenated text. Statuses are those of uc-model.

-- What was published last of each thing of the catalogue; places in the sequence are never given twice.
CREATE TABLE catalogue_entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    -- A form's version, 0 for others.
    version INTEGER NOT NULL,
    -- 1 for a tombstone.
    gone INTEGER NOT NULL CHECK (gone IN (0, 1)),
    -- CatalogueChange as JSON.
    change TEXT NOT NULL,
    UNIQUE (kind, id)
) STRICT;

CREATE TABLE application (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    service TEXT NOT NULL,
    agency TEXT NOT NULL,
    title TEXT NOT NULL,
    -- The number for people.
    number TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    summary TEXT NOT NULL,
    progress INTEGER NOT NULL,
    -- Grows with every change.
    revision INTEGER NOT NULL,
    -- The newest row of submission.
    submission INTEGER NOT NULL,
    -- Correction as JSON, while one is asked for.
    correction TEXT,
    due_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX application_person ON application (person);
CREATE INDEX application_service ON application (service);

-- What was sent, each as it came.
CREATE TABLE submission (
    application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    form_version INTEGER NOT NULL,
    -- Answers as JSON.
    answers TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (application, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE activity (
    application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    description TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (application, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE transmission (
    application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    text_en TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (application, place)
) STRICT, WITHOUT ROWID;

-- Numbers given out in a year.
CREATE TABLE number_sequence (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- Where an application stands in its agency's script.
CREATE TABLE agency_job (
    application TEXT PRIMARY KEY REFERENCES application (id) ON DELETE CASCADE,
    step INTEGER NOT NULL,
    -- By the agencies' clock; absent while a correction is awaited.
    due_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX agency_job_due ON agency_job (due_at) WHERE due_at IS NOT NULL;

-- Writes that were answered, by the key that the client gave them. Kept 120 days.
CREATE TABLE idempotency (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    reply TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (person, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (created_at);

-- The last change of each thing in a person's affairs: the feed gives the whole new value, so one entry is enough.
CREATE TABLE feed_entry (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('application', 'profile')),
    id TEXT NOT NULL,
    PRIMARY KEY (person, seq),
    UNIQUE (person, kind, id)
) STRICT, WITHOUT ROWID;

INSERT INTO feed_entry (person, seq, kind, id) SELECT id, 1, 'profile', id FROM person;

CREATE TRIGGER person_added AFTER INSERT ON person BEGIN
    INSERT INTO feed_entry (person, seq, kind, id) VALUES (NEW.id, 1, 'profile', NEW.id);
END;

CREATE TRIGGER profile_changed AFTER UPDATE OF profile ON person WHEN OLD.profile <> NEW.profile BEGIN
    UPDATE feed_entry
    SET seq = (SELECT max(seq) + 1 FROM feed_entry WHERE person = NEW.id)
    WHERE person = NEW.id AND kind = 'profile' AND id = NEW.id;
END;

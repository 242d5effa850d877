-- What follows a person between devices: drafts and settings, by field. Without fields it was given up; the row stays, so that
-- other devices hear of it.
CREATE TABLE roaming_record (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    fields TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (person, id)
) STRICT, WITHOUT ROWID;

-- The feed tells of a third kind of thing.
DROP TRIGGER person_added;
DROP TRIGGER profile_changed;
CREATE TABLE feed_entry_with_roaming (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('application', 'profile', 'roaming')),
    id TEXT NOT NULL,
    PRIMARY KEY (person, seq),
    UNIQUE (person, kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO feed_entry_with_roaming SELECT person, seq, kind, id FROM feed_entry;
DROP TABLE feed_entry;
ALTER TABLE feed_entry_with_roaming RENAME TO feed_entry;
CREATE TRIGGER person_added AFTER INSERT ON person BEGIN
    INSERT INTO feed_entry (person, seq, kind, id) VALUES (NEW.id, 1, 'profile', NEW.id);
END;
CREATE TRIGGER profile_changed AFTER UPDATE OF profile, account_level ON person
WHEN OLD.profile <> NEW.profile OR OLD.account_level <> NEW.account_level BEGIN
    UPDATE feed_entry
    SET seq = (SELECT coalesce(max(seq), 0) + 1 FROM feed_entry WHERE person = NEW.id)
    WHERE person = NEW.id AND kind = 'profile' AND id = NEW.id;
END;

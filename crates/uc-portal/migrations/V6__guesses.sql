-- Passwords and codes that were compared, once for each subject that they count for. A right one takes its rows along
-- and forgives the others. Kept a day.
CREATE TABLE guess (
    attempt TEXT NOT NULL,
    -- An account, a login name, an address, a device.
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- 1: counts for the day, not for the growing pause.
    forgiven INTEGER NOT NULL DEFAULT 0 CHECK (forgiven IN (0, 1)),
    -- 1: the journal knows that guesses after this one were turned away.
    told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1)),
    PRIMARY KEY (attempt, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX guess_subject ON guess (subject, at);
CREATE INDEX guess_age ON guess (at);

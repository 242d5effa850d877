-- What follows the person between devices, as this one and the portal last agreed on it; without fields it was given up.
CREATE TABLE roaming (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    fields TEXT
) STRICT, WITHOUT ROWID;

-- Answers that were changed here and, differently, on another device: the other ones, until the person decides.
ALTER TABLE draft ADD COLUMN conflicts TEXT NOT NULL DEFAULT '{}';

-- Legal entities, once each.
CREATE TABLE organisation (
    ogrn TEXT PRIMARY KEY,
    inn TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    entered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who acts for one; without a term where until is absent.
CREATE TABLE representation (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    organisation TEXT NOT NULL REFERENCES organisation (ogrn),
    until INTEGER,
    PRIMARY KEY (person, organisation)
) STRICT, WITHOUT ROWID;

-- Who is a sole proprietor, and by which number. One at a time.
CREATE TABLE entrepreneur (
    person TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    ogrnip TEXT NOT NULL UNIQUE,
    until INTEGER
) STRICT, WITHOUT ROWID;

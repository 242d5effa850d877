-- The catalogue: a copy of the portal's, disposable. Nothing personal belongs here.

CREATE TABLE agency (
    id TEXT PRIMARY KEY,
    short TEXT NOT NULL,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    level TEXT NOT NULL,
    region TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE region (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    municipality INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE life_situation (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    icon TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `key` is a serial number times 128 plus popularity (0 to 127), so that ranking needs no join.
CREATE TABLE service (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    agency TEXT NOT NULL,
    region TEXT,
    term TEXT,
    fee_kopecks INTEGER,
    has_form INTEGER NOT NULL,
    popularity INTEGER NOT NULL
) STRICT;
CREATE INDEX service_by_popularity ON service (popularity DESC, key);
CREATE INDEX service_by_agency ON service (agency);
CREATE INDEX service_by_region ON service (region) WHERE region IS NOT NULL;

-- The long texts, kept apart so that lists read few pages.
CREATE TABLE service_document (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE service_life_situation (
    life_situation TEXT NOT NULL,
    service TEXT NOT NULL,
    PRIMARY KEY (life_situation, service)
) STRICT, WITHOUT ROWID;
CREATE INDEX life_situation_by_service ON service_life_situation (service);

CREATE TABLE form (
    service TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE catalogue_cursor (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    next TEXT,
    etag TEXT,
    synced_at INTEGER
) STRICT;

-- Stems of titles and keywords: what a mistyped word may have meant.
CREATE TABLE vocabulary (
    stem TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Holds stems, made outside; `rowid` is `service.key`. Without positions (`detail = column`) `bm25` is 0 for every row.
CREATE VIRTUAL TABLE search USING fts5 (
    title, keywords, body,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0"
);

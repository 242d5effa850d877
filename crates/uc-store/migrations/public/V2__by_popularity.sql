-- Services are kept in the order of their popularity, so that the first that are found are the most popular ones.
-- The stems of known services cannot be read back, so the catalogue is fetched anew.

DROP TABLE search;
DROP TABLE service_document;
DROP TABLE service;
DELETE FROM agency;
DELETE FROM region;
DELETE FROM life_situation;
DELETE FROM service_life_situation;
DELETE FROM form;
DELETE FROM vocabulary;
DELETE FROM catalogue_cursor;

-- `key` is 127 minus popularity (0 to 127) times 2^32, plus the serial number: no ranking or list needs a join or a sort.
CREATE TABLE service (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    title_en TEXT NOT NULL,
    agency TEXT NOT NULL,
    region TEXT,
    term TEXT,
    fee_kopecks INTEGER,
    has_form INTEGER NOT NULL
) STRICT;
CREATE INDEX service_by_agency ON service (agency);
CREATE INDEX service_by_region ON service (region) WHERE region IS NOT NULL;

-- The long texts, kept apart so that lists read few pages; in the order in which they came, so that they are written in a row.
CREATE TABLE service_document (
    serial INTEGER PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;

-- Holds stems, made outside; `rowid` is `service.key`. Without positions (`detail = column`) `bm25` is 0 for every row.
CREATE VIRTUAL TABLE search USING fts5 (
    title, keywords, body,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0"
);

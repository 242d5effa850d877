-- Stems are made outside, in lower case and of letters and digits alone: they need no tokenizer that knows Unicode.
-- The stems of known services cannot be read back, so the catalogue is fetched anew.

DROP TABLE search;
DELETE FROM service_document;
DELETE FROM service;
DELETE FROM agency;
DELETE FROM region;
DELETE FROM life_situation;
DELETE FROM service_life_situation;
DELETE FROM form;
DELETE FROM vocabulary;
DELETE FROM catalogue_cursor;

-- Holds stems, made outside; `rowid` is `service.key`. Without positions (`detail = column`) `bm25` is 0 for every row.
CREATE VIRTUAL TABLE search USING fts5 (
    title, keywords, body,
    content = '', contentless_delete = 1,
    tokenize = "ascii"
);

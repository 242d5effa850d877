-- Whom a service is for: 1 citizens, 2 entrepreneurs, 4 organisations, added up. All, until the catalogue was fetched anew.
ALTER TABLE service ADD COLUMN audience INTEGER NOT NULL DEFAULT 7;
DELETE FROM catalogue_cursor;

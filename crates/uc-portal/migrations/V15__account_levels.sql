-- How well an account is known to be its person's: 'simplified', 'standard' or 'confirmed'.
ALTER TABLE person ADD COLUMN account_level TEXT NOT NULL DEFAULT 'simplified';
-- Until now, only those whose documents were known from elsewhere had this number.
UPDATE person SET account_level = 'confirmed' WHERE snils IS NOT NULL;

-- Who works for the portal: 'operator', 'officer', 'support', 'administrator', 'auditor'; without a term where until is
-- absent.
CREATE TABLE staff (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    until INTEGER,
    PRIMARY KEY (person, role)
) STRICT, WITHOUT ROWID;

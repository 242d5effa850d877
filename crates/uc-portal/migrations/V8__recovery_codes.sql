-- Codes on paper, each for one sign-in without the authenticator app.
CREATE TABLE recovery_code (
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- The first letters of a code: they find it and are no secret.
    place TEXT NOT NULL,
    -- PHC string of Argon2id of the whole code.
    code_hash TEXT NOT NULL,
    PRIMARY KEY (person, place)
) STRICT, WITHOUT ROWID;

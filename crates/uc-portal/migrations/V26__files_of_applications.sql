-- What goes with an application. A file is there before anything names it, and stays as long as it is named.
CREATE TABLE application_file (
    application TEXT NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    PRIMARY KEY (application, content_hash),
    FOREIGN KEY (person, content_hash) REFERENCES stored_file (person, content_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX application_file_of_person ON application_file (person, content_hash);

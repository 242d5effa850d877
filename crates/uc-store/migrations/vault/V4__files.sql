-- Files that go with applications, until the portal has both. A file is named by the SHA-256 of its bytes.
CREATE TABLE file (
    content_hash BLOB PRIMARY KEY CHECK (length(content_hash) = 32),
    size INTEGER NOT NULL
) STRICT;
CREATE TABLE file_part (
    content_hash BLOB NOT NULL REFERENCES file (content_hash) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (content_hash, start)
) STRICT;

-- What answers a question for a file, of a draft or of a submission on its way.
CREATE TABLE attachment (
    application BLOB NOT NULL CHECK (length(application) = 16),
    property TEXT NOT NULL,
    content_hash BLOB NOT NULL REFERENCES file (content_hash),
    PRIMARY KEY (application, property)
) STRICT;
CREATE INDEX attachment_by_file ON attachment (content_hash);

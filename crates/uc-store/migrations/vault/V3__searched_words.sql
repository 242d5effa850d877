-- What is searched is stems, as in the catalogue: they are made outside, of whatever has none.
UPDATE application SET haystack = '';
ALTER TABLE message ADD COLUMN haystack TEXT NOT NULL DEFAULT '';
CREATE INDEX message_unsearched ON message (id) WHERE haystack = '';
CREATE INDEX application_unsearched ON application (id) WHERE haystack = '';

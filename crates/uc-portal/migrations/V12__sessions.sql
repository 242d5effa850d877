-- What a browser runs on, as DeviceSystem of uc-portal-api; NULL for those seen before it was kept.
ALTER TABLE device ADD COLUMN system TEXT;

-- The browser in which it was allowed; NULL when what was allowed runs elsewhere.
ALTER TABLE client_grant ADD COLUMN device TEXT REFERENCES device (id) ON DELETE SET NULL;
CREATE INDEX client_grant_device ON client_grant (device) WHERE device IS NOT NULL;

-- NULL for those issued before it was kept.
ALTER TABLE refresh_token ADD COLUMN issued_at INTEGER;

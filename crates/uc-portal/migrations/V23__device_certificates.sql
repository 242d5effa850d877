-- The device's key of a session, as the portal's device authority certified it.
CREATE TABLE device_certificate (
    client_grant TEXT PRIMARY KEY REFERENCES client_grant (id) ON DELETE CASCADE,
    -- X.509, DER.
    certificate BLOB NOT NULL
) STRICT;

-- Which of a grant's refresh tokens serves, and which served before it, stands with the grant: a rotation writes one row
-- here and one there, and no other token's page.
ALTER TABLE client_grant ADD COLUMN current_refresh BLOB;
ALTER TABLE client_grant ADD COLUMN previous_refresh BLOB;
UPDATE client_grant SET
    current_refresh = (SELECT token_hash FROM refresh_token
        WHERE client_grant = client_grant.id AND state = 'current' LIMIT 1),
    previous_refresh = (SELECT token_hash FROM refresh_token
        WHERE client_grant = client_grant.id AND state = 'previous' LIMIT 1);
DROP INDEX refresh_token_grant;
ALTER TABLE refresh_token DROP COLUMN state;
CREATE INDEX refresh_token_grant ON refresh_token (client_grant);

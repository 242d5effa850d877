-- A refresh token names its grant and bears the portal's tag, so a grant knows of two by their hashes, and of those that it
-- retired none. A renewal writes the grant's row and the access token's, and no page that other grants' tokens share.
-- Sessions that were open end: what they hold names no grant.
ALTER TABLE client_grant ADD COLUMN tokens_issued_at INTEGER;
ALTER TABLE client_grant ADD COLUMN tokens_expire_at INTEGER;
UPDATE client_grant SET current_refresh = NULL, previous_refresh = NULL;
DROP TABLE refresh_token;
-- No question asks for a grant's access tokens, and each lives for minutes.
DROP INDEX access_token_grant;

-- A copy of the database must never write into anybody's books: no tokens, no
-- secrets of the Intuit app, and nothing that points at production.
DELETE FROM qbo_token;
UPDATE qbo_app
   SET client_secret_encrypted = NULL,
       client_secret_set_at = NULL,
       verifier_token_encrypted = NULL,
       verifier_token_set_at = NULL;
UPDATE qbo_connection
   SET environment = 'sandbox',
       attempt_hash = NULL,
       state_before = NULL,
       state_reason = NULL,
       state = CASE
           WHEN accounting_vendor = 'none' THEN 'not_configured'
           WHEN connected_at IS NULL THEN 'not_connected'
           ELSE 'disconnected'
       END;

"""The tables of the store.

A document is JSON text; what queries and rules look for stands beside it in columns of
its own, with indexes, so that nothing slows down as books grow. Times are microseconds
since 1970, UTC; amounts of ledger and balances are whole cents,
debit positive; a tree's balance holds that of its children.
"""

__all__ = ["SCHEMA", "VERSION"]

#: Goes up with every change of the tables; an older file is not read.
VERSION = 4

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS realms (
    realm_id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    company TEXT NOT NULL,
    switches TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS sequences (
    realm_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (realm_id, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY,
    realm_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    sync_token INTEGER NOT NULL,
    active INTEGER,
    deleted INTEGER NOT NULL DEFAULT 0,
    seeded INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    display TEXT NOT NULL DEFAULT '',
    name_key TEXT,
    doc_number TEXT,
    txn_date TEXT,
    customer_id TEXT,
    total REAL,
    balance REAL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS documents_id
    ON documents (realm_id, entity, id);
CREATE INDEX IF NOT EXISTS documents_name
    ON documents (realm_id, name_key) WHERE name_key IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_number
    ON documents (realm_id, entity, doc_number);
CREATE INDEX IF NOT EXISTS documents_customer
    ON documents (realm_id, entity, customer_id);
CREATE INDEX IF NOT EXISTS documents_date
    ON documents (realm_id, entity, txn_date);
CREATE INDEX IF NOT EXISTS documents_updated
    ON documents (realm_id, entity, updated_at);

CREATE INDEX IF NOT EXISTS documents_role
    ON documents (realm_id, json_extract(body, '$.AccountSubType'))
    WHERE entity = 'Account';

CREATE TABLE IF NOT EXISTS ledger (
    realm_id TEXT NOT NULL,
    txn_id TEXT NOT NULL,
    line INTEGER NOT NULL,
    txn_type TEXT NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    amount INTEGER NOT NULL,
    home INTEGER NOT NULL,
    PRIMARY KEY (realm_id, txn_id, line)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS balances (
    realm_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    own INTEGER NOT NULL DEFAULT 0,
    tree INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (realm_id, entity, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS files (
    realm_id TEXT NOT NULL,
    id TEXT NOT NULL,
    content_type TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (realm_id, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS replays (
    realm_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    digest TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (realm_id, request_id)
);

CREATE TABLE IF NOT EXISTS grants (
    id INTEGER PRIMARY KEY,
    realm_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    authorized_at INTEGER NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS tokens (
    value TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    grant_id INTEGER NOT NULL REFERENCES grants,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    redirect_uri TEXT NOT NULL DEFAULT '',
    nonce TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS tokens_grant ON tokens (grant_id, kind);

CREATE TABLE IF NOT EXISTS events (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    realm_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    operation TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    notification INTEGER
);
CREATE INDEX IF NOT EXISTS events_notification ON events (notification);
CREATE TABLE IF NOT EXISTS notifications (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    faults TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS notifications_state ON notifications (state, due_at);

CREATE TABLE IF NOT EXISTS request_log (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL,
    realm_id TEXT,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    requestid TEXT,
    status INTEGER NOT NULL,
    body TEXT,
    answer TEXT,
    headers TEXT NOT NULL,
    metered INTEGER NOT NULL,
    fault TEXT
);
"""

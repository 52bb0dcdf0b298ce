-- Layout 1: schemas, and the tables and views in them.
--
-- `key` is the name in lower case: SQLite itself folds the case of ASCII only. A dropped row stays, with the time in
-- `dropped_at`: it is what a table can be brought back from, and it keeps its folder from being used again.
-- Locations below the root folder are relative to it. Properties, options and the like are JSON.

CREATE TABLE schemas (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    key         TEXT NOT NULL,
    comment     TEXT,
    location    TEXT NOT NULL,
    properties  TEXT NOT NULL DEFAULT '{}',
    owner       TEXT NOT NULL,
    created_at  INTEGER NOT NULL, -- microseconds since 1970
    dropped_at  INTEGER
) STRICT;

CREATE UNIQUE INDEX schemas_by_key ON schemas (key) WHERE dropped_at IS NULL;

CREATE TABLE tables (
    id                INTEGER PRIMARY KEY,
    schema_id         INTEGER NOT NULL REFERENCES schemas (id),
    name              TEXT NOT NULL,
    key               TEXT NOT NULL,
    kind              TEXT NOT NULL CHECK (kind IN ('MANAGED', 'EXTERNAL', 'VIEW')),
    format            TEXT NOT NULL,
    location          TEXT,
    columns           TEXT, -- of an external table: Spark's JSON of a schema
    partition_columns TEXT NOT NULL DEFAULT '[]',
    view              TEXT, -- text, current schema and column names of a view
    comment           TEXT,
    properties        TEXT NOT NULL DEFAULT '{}',
    options           TEXT NOT NULL DEFAULT '{}',
    owner             TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    dropped_at        INTEGER,
    CHECK ((kind = 'VIEW') = (view IS NOT NULL)),
    CHECK ((kind = 'VIEW') = (location IS NULL))
) STRICT;

CREATE UNIQUE INDEX tables_by_key ON tables (schema_id, key) WHERE dropped_at IS NULL;

CREATE UNIQUE INDEX managed_locations ON tables (location) WHERE kind = 'MANAGED';

INSERT INTO schemas (name, key, comment, location, owner, created_at)
VALUES ('default', 'default', 'the default schema', 'warehouse', '', CAST(unixepoch('subsec') * 1000000 AS INTEGER));

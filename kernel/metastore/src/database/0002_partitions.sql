-- Layout 2: the partitions of tables without a log, functions, and statistics of tables.
--
-- A partition is what was added, whatever folders there may be: that is what Hive and Spark take for the contents of
-- a table. `partition_values` is JSON, by column. Locations below the root folder are relative to it.

CREATE TABLE partitions (
    id                INTEGER PRIMARY KEY,
    table_id          INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
    partition_values  TEXT NOT NULL,
    location          TEXT NOT NULL,
    created_at        INTEGER NOT NULL -- microseconds since 1970
) STRICT;

CREATE UNIQUE INDEX partitions_by_values ON partitions (table_id, partition_values);

-- Functions that users define in SQL. A definition is JSON.

CREATE TABLE functions (
    id          INTEGER PRIMARY KEY,
    schema_id   INTEGER NOT NULL REFERENCES schemas (id),
    name        TEXT NOT NULL,
    key         TEXT NOT NULL,
    definition  TEXT NOT NULL,
    owner       TEXT NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX functions_by_key ON functions (schema_id, key);

-- What ANALYZE TABLE has counted, as JSON.

ALTER TABLE tables ADD COLUMN statistics TEXT;

-- Layout 3: dropped tables are found by their name, to be brought back.

CREATE INDEX dropped_tables ON tables (schema_id, key, dropped_at) WHERE dropped_at NOTNULL;

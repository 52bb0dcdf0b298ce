import duckdb

duckdb.sql("CREATE TABLE data AS FROM (VALUES ('a', 1), ('b', 2), ('a', 3), ('c', 4)) AS data(k, v)")

# %% small SQL cell
duckdb.sql("SELECT k, sum(v) AS v FROM data GROUP BY k ORDER BY k")

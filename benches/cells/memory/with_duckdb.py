import duckdb

con = duckdb.connect(f"{out}.duckdb", config={"memory_limit": f"{megabytes}MiB"})
con.execute(f"CREATE VIEW numbers AS FROM '{files}/*.parquet'")

# %% group by
result = con.execute("""
    SELECT count(*), max(n), max(v) FROM (SELECT k, sum(v) AS v, count(*) AS n FROM numbers GROUP BY k)
""").fetchall()

# %% join
result = con.execute("SELECT count(*), sum(b.v) FROM numbers a JOIN numbers b ON a.k = b.id").fetchall()

# %% sort
con.execute(f"COPY (FROM numbers ORDER BY v) TO '{out}.parquet'")
result = con.execute(f"SELECT count(*), min(v) FROM '{out}.parquet'").fetchall()

# %% save
con.execute("CREATE TABLE saved AS FROM numbers")

import duckdb

con = duckdb.connect(f"{out}.duckdb")
columns = """{'year': 'INTEGER', 'countryName': 'VARCHAR', 'countryCode': 'VARCHAR', 'indicatorName': 'VARCHAR',
              'indicatorCode': 'VARCHAR', 'indicatorValue': 'FLOAT'}"""
con.execute(f"CREATE VIEW lines AS SELECT * FROM read_csv('{text}/*.csv', header = true, columns = {columns})")

# %% count, text
result = con.execute("SELECT count(*) FROM lines").fetchall()

# %% Canada 2015, text
result = con.execute("""
    SELECT indicatorValue FROM lines
    WHERE countryName = 'Canada' AND year = 2015 AND indicatorCode = 'NY.GDP.MKTP.KD.ZG'
""").fetchall()

# %% write partitioned
con.execute(f"COPY lines TO '{out}-by-year' (FORMAT parquet, PARTITION_BY (year))")

# %% write
con.execute("CREATE OR REPLACE TABLE columnar AS SELECT * FROM lines")

# %% count
result = con.execute("SELECT count(*) FROM columnar").fetchall()

# %% Canada 2015, partitioned
result = con.execute(f"""
    SELECT indicatorValue FROM read_parquet('{out}-by-year/*/*.parquet', hive_partitioning = true)
    WHERE countryName = 'Canada' AND year = 2015 AND indicatorCode = 'NY.GDP.MKTP.KD.ZG'
""").fetchall()

# %% Canada by year
result = con.execute("""
    SELECT year, indicatorValue AS growth
    FROM columnar
    WHERE countryName = 'Canada' AND indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
    ORDER BY year
""").fetchall()

# %% every country
result = con.execute("""
    SELECT countryName, year, indicatorValue AS growth
    FROM columnar
    WHERE indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
    ORDER BY countryName, year
""").fetchall()

# %% highest growth, join
result = con.execute("""
    SELECT g.countryName, g.year, g.indicatorValue AS growth
    FROM columnar g
    JOIN (
        SELECT countryName, max(indicatorValue) AS growth
        FROM columnar
        WHERE indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
        GROUP BY countryName
    ) h ON h.countryName = g.countryName AND h.growth = g.indicatorValue
    WHERE g.indicatorCode = 'NY.GDP.MKTP.KD.ZG'
    ORDER BY g.countryName, g.year
""").fetchall()

# %% highest growth, window
result = con.execute("""
    SELECT countryName, year, indicatorValue AS growth
    FROM columnar
    WHERE indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0
    QUALIFY rank() OVER (PARTITION BY countryName ORDER BY indicatorValue DESC) = 1
    ORDER BY countryName, year
""").fetchall()

# %% mean of each indicator
result = con.execute("""
    SELECT indicatorCode, indicatorName, count(*) AS figures, avg(indicatorValue) AS mean
    FROM columnar
    WHERE indicatorValue <> 0
    GROUP BY indicatorCode, indicatorName
    ORDER BY indicatorCode
""").fetchall()

import polars as pl

schema = {
    "year": pl.Int32,
    "countryName": pl.String,
    "countryCode": pl.String,
    "indicatorName": pl.String,
    "indicatorCode": pl.String,
    "indicatorValue": pl.Float32,
}
lines = pl.scan_csv(f"{text}/*.csv", schema=schema)

# %% count, text
result = lines.select(pl.len()).collect()

# %% Canada 2015, text
canada_2015 = (
    (pl.col("countryName") == "Canada") & (pl.col("year") == 2015) & (pl.col("indicatorCode") == "NY.GDP.MKTP.KD.ZG")
)
result = lines.filter(canada_2015).select("indicatorValue").collect()

# %% write partitioned
lines.sink_parquet(pl.PartitionBy(f"{out}-by-year", key="year", include_key=False), mkdir=True)

# %% write
lines.sink_parquet(f"{out}.parquet")

# %% count
indicators = pl.scan_parquet(f"{out}.parquet")
result = indicators.select(pl.len()).collect()

# %% Canada 2015, partitioned
by_year = pl.scan_parquet(f"{out}-by-year", hive_partitioning=True)
result = by_year.filter(canada_2015).select("indicatorValue").collect()

# %% Canada by year
growth = indicators.filter(pl.col("indicatorCode") == "NY.GDP.MKTP.KD.ZG", pl.col("indicatorValue") != 0).select(
    "countryName", "year", growth="indicatorValue"
)
result = growth.filter(pl.col("countryName") == "Canada").select("year", "growth").sort("year").collect()

# %% every country
result = growth.sort("countryName", "year").collect()

# %% highest growth, join
highest = growth.group_by("countryName").agg(pl.col("growth").max())
result = growth.join(highest, on=["countryName", "growth"]).sort("countryName", "year").collect()

# %% highest growth, window
result = growth.filter(pl.col("growth") == pl.col("growth").max().over("countryName")).sort("countryName", "year").collect()

# %% mean of each indicator
result = (
    indicators.filter(pl.col("indicatorValue") != 0)
    .group_by("indicatorCode", "indicatorName")
    .agg(pl.len().alias("figures"), pl.col("indicatorValue").cast(pl.Float64).mean())
    .sort("indicatorCode")
    .collect()
)

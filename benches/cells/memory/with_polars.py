import polars as pl

numbers = pl.scan_parquet(f"{files}/*.parquet")

# %% group by
result = (
    numbers.group_by("k")
    .agg(pl.col("v").sum(), pl.len().alias("n"))
    .select(pl.len().alias("groups"), pl.col("n").max().alias("largest"), pl.col("v").max())
    .collect(engine="streaming")
)

# %% join
result = (
    numbers.join(numbers.select("id", w="v"), left_on="k", right_on="id")
    .select(pl.len().alias("n"), pl.col("w").sum())
    .collect(engine="streaming")
)

# %% sort
numbers.sort("v").sink_parquet(f"{out}.parquet")
result = pl.scan_parquet(f"{out}.parquet").select(pl.len(), pl.col("v").min()).collect(engine="streaming")

# %% save
numbers.sink_parquet(f"{out}.parquet")

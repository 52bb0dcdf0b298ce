import polars as pl

data = pl.DataFrame({"k": ["a", "b", "a", "c"], "v": [1, 2, 3, 4]})

# %% small DataFrame cell
data.lazy().group_by("k").agg(pl.col("v").sum()).sort("k").collect()

# %% small SQL cell
pl.sql("SELECT k, sum(v) AS v FROM data GROUP BY k ORDER BY k").collect()

# %% 100,000 printed lines
for i in range(100000):
    print(f"line {i}")

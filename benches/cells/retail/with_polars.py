from datetime import date

import polars as pl

SEGMENTS = [
    ("^[1-2][1-2]", "Hibernating"),
    ("^[1-2][3-4]", "At Risk"),
    ("^[1-2]5", "Can't Lose"),
    ("^3[1-2]", "About to Sleep"),
    ("^33", "Need Attention"),
    ("^[3-4][4-5]", "Loyal Customers"),
    ("^41", "Promising"),
    ("^51", "New Customers"),
    ("^[4-5][2-3]", "Potential Loyalists"),
    ("^5[4-5]", "Champions"),
]

# %% load and save
schema = {
    "InvoiceNo": pl.String,
    "StockCode": pl.String,
    "Description": pl.String,
    "Quantity": pl.Int32,
    "InvoiceDate": pl.Datetime("us"),
    "UnitPrice": pl.Float64,
    "CustomerID": pl.Float64,
    "Country": pl.String,
}
pl.scan_csv(csv, schema=schema).with_columns(
    amount=pl.col("Quantity") * pl.col("UnitPrice"),
    ym=pl.col("InvoiceDate").dt.strftime("%Y%m"),
).sink_parquet(f"{out}.parquet")

# %% count
orders = pl.scan_parquet(f"{out}.parquet")
result = orders.select(pl.len()).collect()

# %% monthly
result = (
    orders.group_by("ym")
    .agg(
        total=pl.col("InvoiceNo").n_unique(),
        cancelled=pl.col("InvoiceNo").filter(pl.col("InvoiceNo").str.starts_with("C")).n_unique(),
        sales=pl.col("amount").sum(),
        active=pl.col("CustomerID").drop_nulls().n_unique(),
    )
    .sort("ym")
    .with_columns(
        placed=pl.col("total").cast(pl.Int64) - 2 * pl.col("cancelled").cast(pl.Int64),
        growth=pl.col("sales") / pl.col("sales").shift(1) - 1,
    )
    .collect()
)

# %% invoices
amount = pl.col("amount")
result = (
    orders.group_by("InvoiceNo")
    .agg(amount.sum().round(3))
    .filter(amount > 0)
    .select(
        pl.len().alias("invoices"),
        amount.min().alias("smallest"),
        amount.max().alias("largest"),
        amount.mean().alias("mean"),
        amount.median().alias("median"),
        amount.quantile(0.85, "linear").alias("p85"),
    )
    .collect()
)

# %% rfm and segments
place, rows = pl.col("place").cast(pl.Int64), pl.len().cast(pl.Int64)
group, rest = rows // 5, rows % 5
edge = rest * (group + 1)
fifth = pl.when(place < edge).then(place // (group + 1)).otherwise((place - edge) // group + rest)
scored = (
    orders.filter(pl.col("Quantity") > 0, pl.col("amount") > 0, pl.col("CustomerID").is_not_null())
    .group_by("CustomerID")
    .agg(
        recency=(pl.lit(date(2012, 1, 1)) - pl.col("InvoiceDate").max().dt.date()).dt.total_days(),
        frequency=pl.col("InvoiceNo").n_unique(),
        monetary=pl.col("amount").sum(),
    )
)
for score, measure, descending in [("r", "recency", True), ("f", "frequency", False)]:
    scored = (
        scored.sort(measure, "CustomerID", descending=[descending, False])
        .with_row_index("place")
        .with_columns((fifth + 1).cast(pl.String).alias(score))
        .drop("place")
    )
rf = pl.concat_str("r", "f")
segment = pl.when(rf.str.contains(SEGMENTS[0][0])).then(pl.lit(SEGMENTS[0][1]))
for pattern, name in SEGMENTS[1:]:
    segment = segment.when(rf.str.contains(pattern)).then(pl.lit(name))
result = (
    scored.with_columns(segment=segment)
    .group_by("segment")
    .agg(pl.len().alias("customers"), pl.col("recency", "frequency", "monetary").mean())
    .sort("segment")
    .collect()
)

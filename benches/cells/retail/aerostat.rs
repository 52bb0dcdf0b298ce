//! The work of the retail notebook as DataFrame cells.

session.sql("CREATE DATABASE IF NOT EXISTS retail")?;

// %% load and save
session
    .read()
    .option("header", true)
    .schema(
        "InvoiceNo STRING, StockCode STRING, Description STRING, Quantity INT, \
         InvoiceDate TIMESTAMP, UnitPrice DOUBLE, CustomerID DOUBLE, Country STRING",
    )
    .csv(&csv)?
    .with_columns([
        (col("Quantity") * col("UnitPrice")).alias("amount"),
        col("InvoiceDate").dt().strftime("%Y%m").alias("ym"),
    ])
    .write()
    .mode("overwrite")
    .save_as_table("retail.orders")?;

// %% count
let orders = session.table("retail.orders")?;
let result = orders.clone().select([len()]).collect()?;

// %% monthly
let sales = col("sales");
let result = orders
    .clone()
    .group_by([col("ym")])
    .agg([
        col("InvoiceNo").n_unique().alias("total"),
        col("InvoiceNo").filter(col("InvoiceNo").str().starts_with(lit("C"))).n_unique().alias("cancelled"),
        col("amount").sum().alias("sales"),
        col("CustomerID").drop_nulls().n_unique().alias("active"),
    ])
    .sort(["ym"], Default::default())
    .with_columns([
        (col("total").cast(DataType::Int64) - lit(2) * col("cancelled").cast(DataType::Int64)).alias("placed"),
        (sales.clone() / sales.shift(lit(1)) - lit(1.0)).alias("growth"),
    ])
    .collect()?;

// %% invoices
let amount = col("amount");
let result = orders
    .clone()
    .group_by([col("InvoiceNo")])
    .agg([col("amount").sum().round(3, RoundMode::default())])
    .filter(col("amount").gt(lit(0.0)))
    .select([
        len().alias("invoices"),
        amount.clone().min().alias("smallest"),
        amount.clone().max().alias("largest"),
        amount.clone().mean().alias("mean"),
        amount.clone().median().alias("median"),
        amount.quantile(lit(0.85), QuantileMethod::Linear).alias("p85"),
    ])
    .collect()?;

// %% rfm and segments
let bought = orders
    .clone()
    .filter(col("Quantity").gt(lit(0)).and(col("amount").gt(lit(0.0))).and(col("CustomerID").is_not_null()))
    .group_by([col("CustomerID")])
    .agg([
        (datetime(DatetimeArgs::new(lit(2012), lit(1), lit(1))).dt().date() - col("InvoiceDate").max().dt().date())
            .dt()
            .total_days(false)
            .alias("recency"),
        col("InvoiceNo").n_unique().alias("frequency"),
        col("amount").sum().alias("monetary"),
    ]);
let place = col("place").cast(DataType::Int64);
let rows = len().cast(DataType::Int64);
let group = rows.clone().floor_div(lit(5));
let rest = rows - group.clone() * lit(5);
let edge = rest.clone() * (group.clone() + lit(1));
let fifth = when(place.clone().lt(edge.clone()))
    .then(place.clone().floor_div(group.clone() + lit(1)))
    .otherwise((place - edge).floor_div(group) + rest);
let mut scored = bought;
for (score, measure, descending) in [("r", "recency", true), ("f", "frequency", false)] {
    scored = scored
        .sort([measure, "CustomerID"], SortMultipleOptions::default().with_order_descending_multi([descending, false]))
        .with_row_index("place", None)
        .with_columns([(fifth.clone() + lit(1)).cast(DataType::String).alias(score)])
        .drop(cols(["place"]));
}
let rf = concat_str([col("r"), col("f")], "", false);
let segment = when(rf.clone().str().contains(lit("^[1-2][1-2]"), true))
    .then(lit("Hibernating"))
    .when(rf.clone().str().contains(lit("^[1-2][3-4]"), true))
    .then(lit("At Risk"))
    .when(rf.clone().str().contains(lit("^[1-2]5"), true))
    .then(lit("Can't Lose"))
    .when(rf.clone().str().contains(lit("^3[1-2]"), true))
    .then(lit("About to Sleep"))
    .when(rf.clone().str().contains(lit("^33"), true))
    .then(lit("Need Attention"))
    .when(rf.clone().str().contains(lit("^[3-4][4-5]"), true))
    .then(lit("Loyal Customers"))
    .when(rf.clone().str().contains(lit("^41"), true))
    .then(lit("Promising"))
    .when(rf.clone().str().contains(lit("^51"), true))
    .then(lit("New Customers"))
    .when(rf.clone().str().contains(lit("^[4-5][2-3]"), true))
    .then(lit("Potential Loyalists"))
    .when(rf.str().contains(lit("^5[4-5]"), true))
    .then(lit("Champions"))
    .otherwise(lit(NULL));
let result = scored
    .with_columns([segment.alias("segment")])
    .group_by([col("segment")])
    .agg([
        len().alias("customers"),
        col("recency").mean(),
        col("frequency").mean(),
        col("monetary").mean(),
    ])
    .sort(["segment"], Default::default())
    .collect()?;

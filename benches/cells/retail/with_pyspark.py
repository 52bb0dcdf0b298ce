from pyspark.sql import SparkSession, Window, functions as F

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

spark = (
    SparkSession.builder.master("local[*]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.memory", "4g")
    # The default of 200 is for clusters.
    .config("spark.sql.shuffle.partitions", "8")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")

# %% load and save
schema = """InvoiceNo STRING, StockCode STRING, Description STRING, Quantity INT,
            InvoiceDate TIMESTAMP, UnitPrice DOUBLE, CustomerID DOUBLE, Country STRING"""
(
    spark.read.schema(schema)
    .csv(csv, header=True, escape='"')
    .withColumn("amount", F.col("Quantity") * F.col("UnitPrice"))
    .withColumn("ym", F.date_format("InvoiceDate", "yyyyMM"))
    .write.mode("overwrite")
    .parquet(out)
)

# %% count
orders = spark.read.parquet(out)
result = [[orders.count()]]

# %% monthly
result = (
    orders.groupBy("ym")
    .agg(
        F.countDistinct("InvoiceNo").alias("total"),
        F.countDistinct(F.when(F.col("InvoiceNo").startswith("C"), F.col("InvoiceNo"))).alias("cancelled"),
        F.sum("amount").alias("sales"),
        F.countDistinct("CustomerID").alias("active"),
    )
    .withColumn("placed", F.col("total") - 2 * F.col("cancelled"))
    .withColumn("growth", F.col("sales") / F.lag("sales").over(Window.orderBy("ym")) - 1)
    .orderBy("ym")
    .collect()
)

# %% invoices
result = (
    orders.groupBy("InvoiceNo")
    .agg(F.round(F.sum("amount"), 3).alias("amount"))
    .filter("amount > 0")
    .agg(
        F.count("*"),
        F.min("amount"),
        F.max("amount"),
        F.avg("amount"),
        F.expr("percentile(amount, 0.5)"),
        F.expr("percentile(amount, 0.85)"),
    )
    .collect()
)

# %% rfm and segments
bought = (
    orders.filter("Quantity > 0 AND amount > 0 AND CustomerID IS NOT NULL")
    .groupBy("CustomerID")
    .agg(
        F.datediff(F.lit("2012-01-01"), F.max("InvoiceDate")).alias("recency"),
        F.countDistinct("InvoiceNo").alias("frequency"),
        F.sum("amount").alias("monetary"),
    )
)
rf = F.concat(
    F.ntile(5).over(Window.orderBy(F.desc("recency"), "CustomerID")),
    F.ntile(5).over(Window.orderBy("frequency", "CustomerID")),
)
segment = F.when(F.col("rf").rlike(SEGMENTS[0][0]), SEGMENTS[0][1])
for pattern, name in SEGMENTS[1:]:
    segment = segment.when(F.col("rf").rlike(pattern), name)
result = (
    bought.withColumn("rf", rf)
    .withColumn("segment", segment)
    .groupBy("segment")
    .agg(F.count("*"), F.avg("recency"), F.avg("frequency"), F.avg("monetary"))
    .orderBy("segment")
    .collect()
)

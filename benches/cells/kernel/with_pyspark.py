from pyspark.sql import SparkSession, functions as F

spark = (
    SparkSession.builder.master("local[*]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.shuffle.partitions", "2")
    .getOrCreate()
)
data = spark.createDataFrame([("a", 1), ("b", 2), ("a", 3), ("c", 4)], ["k", "v"])
data.createOrReplaceTempView("data")

# %% small DataFrame cell
data.groupBy("k").agg(F.sum("v")).orderBy("k").show()

# %% small SQL cell
spark.sql("SELECT k, sum(v) AS v FROM data GROUP BY k ORDER BY k").show()

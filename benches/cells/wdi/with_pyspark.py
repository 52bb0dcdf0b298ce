from pyspark.sql import SparkSession, Window, functions as F

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
schema = """year INT, countryName STRING, countryCode STRING, indicatorName STRING, indicatorCode STRING,
            indicatorValue FLOAT"""
lines = spark.read.schema(schema).csv(text, header=True, escape='"')

# %% count, text
result = [[lines.count()]]

# %% Canada 2015, text
canada_2015 = "countryName = 'Canada' AND year = 2015 AND indicatorCode = 'NY.GDP.MKTP.KD.ZG'"
result = lines.filter(canada_2015).select("indicatorValue").collect()

# %% write partitioned
lines.write.mode("overwrite").partitionBy("year").parquet(f"{out}-by-year")

# %% write
lines.write.mode("overwrite").parquet(out)

# %% count
indicators = spark.read.parquet(out)
result = [[indicators.count()]]

# %% Canada 2015, partitioned
result = spark.read.parquet(f"{out}-by-year").filter(canada_2015).select("indicatorValue").collect()

# %% Canada by year
growth = indicators.filter("indicatorCode = 'NY.GDP.MKTP.KD.ZG' AND indicatorValue <> 0").select(
    "countryName", "year", F.col("indicatorValue").alias("growth")
)
result = growth.filter("countryName = 'Canada'").select("year", "growth").orderBy("year").collect()

# %% every country
result = growth.orderBy("countryName", "year").collect()

# %% highest growth, join
highest = growth.groupBy("countryName").agg(F.max("growth").alias("growth"))
joined = growth.join(highest, ["countryName", "growth"])
result = joined.select("countryName", "year", "growth").orderBy("countryName", "year").collect()

# %% highest growth, window
place = F.rank().over(Window.partitionBy("countryName").orderBy(F.desc("growth")))
ranked = growth.withColumn("place", place).filter("place = 1")
result = ranked.select("countryName", "year", "growth").orderBy("countryName", "year").collect()

# %% mean of each indicator
result = (
    indicators.filter("indicatorValue <> 0")
    .groupBy("indicatorCode", "indicatorName")
    .agg(F.count("*"), F.avg("indicatorValue"))
    .orderBy("indicatorCode")
    .collect()
)

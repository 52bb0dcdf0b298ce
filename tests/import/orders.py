# Databricks notebook source
# MAGIC %md
# MAGIC # Orders
# MAGIC
# MAGIC What was bought.

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("country", "Peru", "Country")
country = dbutils.widgets.get("country")

# COMMAND ----------

orders = (spark.read.format("csv")
          .option("header", "true").option("inferSchema", "true")
          .load("orders.csv"))
orders.createOrReplaceTempView("bought")
display(orders)

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT sum(amount) AS sales FROM bought
# MAGIC WHERE country = :country

# COMMAND ----------

# MAGIC %sh echo from the shell

# COMMAND ----------

for name in ["a", "b"]:
    orders = orders.withColumnRenamed(name, name.upper())
orders.show(5)

# COMMAND ----------

# MAGIC %scala
# MAGIC println("hello")

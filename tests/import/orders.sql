-- Databricks notebook source
-- MAGIC %md ## In SQL

-- COMMAND ----------

CREATE OR REPLACE TEMPORARY VIEW bought AS
SELECT 'Peru' AS country, 3 AS amount; -- a comment stays

-- COMMAND ----------

SELECT country, amount * 2 AS twice FROM bought

-- COMMAND ----------

-- MAGIC %python
-- MAGIC display(spark.table("bought"))

//! The work of the notebook of development indicators as DataFrame cells.

session.sql("CREATE DATABASE IF NOT EXISTS wdi")?;
let lines = session
    .read()
    .option("header", true)
    .schema(
        "year INT, countryName STRING, countryCode STRING, indicatorName STRING, indicatorCode STRING, \
         indicatorValue FLOAT",
    )
    .csv(&text)?;

// %% count, text
let result = lines.clone().select([len()]).collect()?;

// %% Canada 2015, text
let canada_2015 = col("countryName")
    .eq(lit("Canada"))
    .and(col("year").eq(lit(2015)))
    .and(col("indicatorCode").eq(lit("NY.GDP.MKTP.KD.ZG")));
let result = lines.clone().filter(canada_2015.clone()).select([col("indicatorValue")]).collect()?;

// %% write partitioned
lines.clone().write().mode("overwrite").partition_by(["year"]).save_as_table("wdi.by_year")?;

// %% write
lines.write().mode("overwrite").save_as_table("wdi.columnar")?;

// %% count
let indicators = session.table("wdi.columnar")?;
let result = indicators.clone().select([len()]).collect()?;

// %% Canada 2015, partitioned
let result = session.table("wdi.by_year")?.filter(canada_2015.clone()).select([col("indicatorValue")]).collect()?;

// %% Canada by year
let growth = indicators
    .clone()
    .filter(col("indicatorCode").eq(lit("NY.GDP.MKTP.KD.ZG")).and(col("indicatorValue").neq(lit(0.0_f32))))
    .select([col("countryName"), col("year"), col("indicatorValue").alias("growth")]);
let result = growth
    .clone()
    .filter(col("countryName").eq(lit("Canada")))
    .select([col("year"), col("growth")])
    .sort(["year"], Default::default())
    .collect()?;

// %% every country
let result = growth.clone().sort(["countryName", "year"], Default::default()).collect()?;

// %% highest growth, join
let highest = growth.clone().group_by([col("countryName")]).agg([col("growth").max()]);
let result = growth
    .clone()
    .join(highest, [col("countryName"), col("growth")], [col("countryName"), col("growth")], JoinArgs::new(JoinType::Inner))
    .sort(["countryName", "year"], Default::default())
    .collect()?;

// %% highest growth, window
let result = growth
    .clone()
    .filter(col("growth").eq(col("growth").max().over([col("countryName")])?))
    .sort(["countryName", "year"], Default::default())
    .collect()?;

// %% mean of each indicator
let result = indicators
    .filter(col("indicatorValue").neq(lit(0.0_f32)))
    .group_by([col("indicatorCode"), col("indicatorName")])
    .agg([len().alias("figures"), col("indicatorValue").cast(DataType::Float64).mean()])
    .sort(["indicatorCode"], Default::default())
    .collect()?;

//! Work on more data than fit into memory.

let numbers = session.read_parquet(&files)?;

// %% group by
let result = numbers
    .clone()
    .group_by([col("k")])
    .agg([col("v").sum(), len().alias("n")])
    .select([len().alias("groups"), col("n").max().alias("largest"), col("v").max().alias("v")])
    .collect_with_engine(Engine::Streaming)?.unwrap_single();

// %% join
let result = numbers
    .clone()
    .join(numbers.clone().select([col("id"), col("v").alias("w")]), [col("k")], [col("id")], JoinArgs::new(JoinType::Inner))
    .select([len().alias("n"), col("w").sum()])
    .collect_with_engine(Engine::Streaming)?.unwrap_single();

// %% sort
numbers.clone().sort(["v"], Default::default()).write().mode("overwrite").parquet(&out)?;
let result = session.read_parquet(&out)?.select([len(), col("v").min()]).collect_with_engine(Engine::Streaming)?.unwrap_single();

// %% save
numbers.clone().write().mode("overwrite").save_as_table("saved")?;

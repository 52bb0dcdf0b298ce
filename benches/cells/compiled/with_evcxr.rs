//! The same with evcxr's own kernel, which keeps what it has built of polars.

:cache 8000
:dep polars = { version = "0.55", features = ["lazy"] }
use polars::prelude::*;
let data = df!("k" => ["a", "b", "a", "c"], "v" => [1, 2, 3, 4]).unwrap();

// %% small DataFrame cell
println!("{}", data.clone().lazy().filter(col("v").lt(lit(TURN))).group_by([col("k")]).agg([col("v").sum()]).sort(["k"], Default::default()).collect().unwrap());

// %% a function and its call
fn more(x: i64) -> i64 { 2 * x + TURN }
println!("{}", more(21));

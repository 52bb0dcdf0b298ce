//! The same as compiled Rust.

:cache 8000
:dep polars = { version = "0.55", features = ["lazy"] }
use polars::prelude::*;
let data = df!("k" => ["a", "b", "a", "c"], "v" => [1, 2, 3, 4]).unwrap();

// %% small DataFrame cell
println!("{}", data.clone().lazy().group_by([col("k")]).agg([col("v").sum()]).sort(["k"], Default::default()).collect().unwrap());

// %% 100,000 printed lines
for i in 0..100000 { println!("line {}", i); }

//! Cells that are compiled. TURN is another number each time, so that nothing is known from the time before.

let data = df!("k" => ["a", "b", "a", "c"], "v" => [1, 2, 3, 4])?;

// %% small DataFrame cell
%%rust
println!("{}", data.clone().lazy().filter(col("v").lt(lit(TURN))).group_by([col("k")]).agg([col("v").sum()]).sort(["k"], Default::default()).collect()?);

// %% a function and its call
fn more(x: i64) -> i64 { 2 * x + TURN }
println!("{}", more(21));

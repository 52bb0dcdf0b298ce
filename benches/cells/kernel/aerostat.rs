//! Small things to do on a few rows.

let data = df!("k" => ["a", "b", "a", "c"], "v" => [1, 2, 3, 4])?;

// %% small DataFrame cell
data.clone().lazy().group_by([col("k")]).agg([col("v").sum()]).sort(["k"], Default::default()).collect()?

// %% small SQL cell
%%sql
SELECT k, sum(v) AS v FROM data GROUP BY k ORDER BY k

// %% 100,000 printed lines
for i in 0..100000 { println!("line {}", i); }

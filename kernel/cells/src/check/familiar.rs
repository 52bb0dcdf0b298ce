//! Methods of PySpark and of polars in Python under the names they have there, where nothing here has a name like it.

use crate::ty::Ty;

/// What is written here for a method of an expression, by its name in lower case without underscores.
const EXPRESSIONS: &[(&str, &str)] = &[
    ("asc", ".sort([\"..\"], SortMultipleOptions::default())"),
    ("backwardfill", ".fill_null_with_strategy(FillNullStrategy::Backward(None))"),
    ("between", ".is_between(lit(1), lit(2), ClosedInterval::Both)"),
    ("desc", ".sort([\"..\"], SortMultipleOptions::default().with_order_descending(true))"),
    ("forwardfill", ".fill_null_with_strategy(FillNullStrategy::Forward(None))"),
    ("like", ".str().contains(lit(\"..\"), true)"),
    ("rlike", ".str().contains(lit(\"..\"), true)"),
    ("substr", ".str().slice(lit(0), lit(3))"),
    ("substring", ".str().slice(lit(0), lit(3))"),
];

/// The same for plans.
const PLANS: &[(&str, &str)] = &[
    ("distinct", ".unique(None, UniqueKeepStrategy::Any)"),
    ("dropduplicates", ".unique_stable(None, UniqueKeepStrategy::First)"),
    ("dropna", ".drop_nulls(None)"),
    ("fillna", ".fill_null(lit(0))"),
    ("head", ".limit(5)"),
    ("orderby", ".sort([\"..\"], SortMultipleOptions::default())"),
    ("sortby", ".sort([\"..\"], SortMultipleOptions::default())"),
    ("union", "concat([a, b], UnionArgs::default())?"),
    ("unionall", "concat([a, b], UnionArgs::default())?"),
    ("unionbyname", "concat_lf_diagonal([a, b], UnionArgs::default())?"),
    ("withcolumnrenamed", ".rename([\"..\"], [\"..\"], true)"),
    ("writecsv", ".write().csv(\"..\")?"),
    ("writeparquet", ".write().parquet(\"..\")?"),
];

/// How a method that other front ends have is written here.
pub(super) fn familiar(ty: &Ty, name: &str) -> Option<String> {
    let known = match ty {
        Ty::Native("Expr") => EXPRESSIONS,
        Ty::Native("LazyFrame" | "DataFrame") => PLANS,
        _ => return None,
    };
    let name = name.replace('_', "").to_lowercase();
    let (_, here) = known.iter().find(|(known, _)| *known == name)?;
    let plan = if *ty == Ty::Native("DataFrame") && here.starts_with('.') { ".lazy()" } else { "" };
    Some(format!("here that is `{plan}{here}`"))
}

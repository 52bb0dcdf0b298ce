//! The surface of polars that cells reach: the table of the cell language against polars' own sources.

mod exports;
mod reasons;
mod sources;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use reasons::Standing;
use sources::{Function, Sources};

/// The share of the wanted functions that cells must be able to call.
const GOAL: f64 = 0.95;

/// The types whose methods count.
const FAMILIES: &[&str] = &[
    "LazyFrame",
    "DataFrame",
    "Series",
    "Column",
    "Expr",
    "LazyGroupBy",
    "GroupBy",
    "JoinBuilder",
    "Selector",
    "StringNameSpace",
    "DateLikeNameSpace",
    "ListNameSpace",
    "ArrayNameSpace",
    "StructNameSpace",
    "CategoricalNameSpace",
    "BinaryNameSpace",
    "ExprNameNameSpace",
    "MetaNameSpace",
    "When",
    "Then",
    "ChainedWhen",
    "ChainedThen",
    "CsvReadOptions",
    "CsvParseOptions",
    "CsvReader",
    "LazyCsvReader",
    "CsvWriter",
    "ParquetReader",
    "ParquetWriter",
    "ParquetWriteOptions",
    "JsonReader",
    "JsonWriter",
    "LazyJsonLineReader",
    "IpcReader",
    "IpcWriter",
    "IpcWriterOptions",
    "IpcStreamReader",
    "IpcStreamWriter",
    "HiveOptions",
    "SinkTarget",
    "SinkDestination",
    "JoinArgs",
    "JoinType",
    "JoinValidation",
    "SortOptions",
    "SortMultipleOptions",
    "EWMOptions",
    "DatetimeArgs",
    "DurationArgs",
];

/// Every public function of the families and of the prelude, by its full name.
fn functions(sources: &Sources) -> Vec<(String, Function)> {
    let prelude = exports::of(sources, "polars::prelude");
    let mut functions = BTreeMap::new();
    let methods = sources.methods.iter().filter(|method| FAMILIES.contains(&method.owner.as_str()));
    for method in methods {
        functions.entry(format!("{}::{}", method.owner, method.name)).or_insert(method.clone());
    }
    // Methods of traits that the prelude brings in, and of the trait that Series passes on.
    let implemented = sources.implemented.iter().filter(|(name, _)| prelude.types.contains(name));
    let series = ("SeriesTrait".to_owned(), "Series".to_owned());
    for (name, owner) in implemented.chain([&series]).filter(|(_, owner)| FAMILIES.contains(&owner.as_str())) {
        for method in sources.traits.get(name).into_iter().flatten() {
            functions.entry(format!("{owner}::{}", method.name)).or_insert(method.clone());
        }
    }
    functions.extend(prelude.functions);
    functions.into_iter().collect()
}

/// The names of all rows of the table, in the same form.
fn table() -> HashSet<String> {
    let full = |row: aerostat_cells::Row| match row.owner {
        Some(owner) => format!("{owner}::{}", row.name),
        None => row.name.to_owned(),
    };
    aerostat_cells::rows().into_iter().map(full).collect()
}

#[test]
fn cells_reach_the_surface_of_polars() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let sources = match sources::load(&workspace) {
        Ok(sources) => sources,
        Err(reason) => return println!("skipped: polars' sources cannot be read: {reason}"),
    };
    let functions = functions(&sources);
    let table = table();
    let (mut callable, mut missing) = (0, Vec::new());
    let mut left_out: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, function) in &functions {
        let standing = reasons::standing(function, name);
        let reason = match standing {
            _ if table.contains(name) => {
                callable += 1;
                continue;
            }
            Standing::Wanted => {
                missing.push(name);
                continue;
            }
            Standing::Excluded(reason) => reason.to_owned(),
            Standing::NotBuilt(feature) => format!("feature not built: {feature}"),
            Standing::Internal(reason) => format!("internal: {reason}"),
        };
        left_out.entry(reason).or_default().insert(name);
    }
    let share = callable as f64 / (callable + missing.len()) as f64;
    println!("{callable} functions of polars are callable, {} are not: {:.1} %", missing.len(), share * 100.0);
    let internal = left_out.iter().filter(|(reason, _)| reason.starts_with("internal")).map(|(_, names)| names.len());
    let internal: usize = internal.sum();
    let all = callable + missing.len() + internal;
    println!("with the {internal} internal ones counted: {:.1} % of {all}", callable as f64 / all as f64 * 100.0);
    missing.iter().for_each(|name| println!("missing: {name}"));
    left_out.iter().for_each(|(reason, names)| println!("{reason}: {names:?}"));
    // Without sources worth the name, everything would be covered.
    assert!(functions.len() > 1000, "only {} functions were found in polars' sources", functions.len());
    assert_eq!(reasons::unused(&functions), Vec::<&str>::new(), "exceptions that nothing needs");
    assert!(share >= GOAL, "{:.1} % of polars' functions are callable; missing: {missing:?}", share * 100.0);
}

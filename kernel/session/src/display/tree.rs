//! A schema as Spark's `printSchema` prints it.

use polars::prelude::{DataType, Schema};

use crate::types;

/// The schema as Spark's `printSchema` prints it.
pub fn schema_tree(schema: &Schema) -> String {
    let mut out = String::from("root\n");
    for (name, dtype) in schema.iter() {
        branch(&mut out, " ", name, dtype, "nullable");
    }
    out
}

fn branch(out: &mut String, indent: &str, name: &str, dtype: &DataType, null: &str) {
    out.push_str(&format!("{indent}|-- {name}: {} ({null} = true)\n", long_name(dtype)));
    let below = format!("{indent}|    ");
    match dtype {
        DataType::List(inner) | DataType::Array(inner, _) => branch(out, &below, "element", inner, "containsNull"),
        DataType::Struct(fields) => {
            for field in fields {
                branch(out, &below, field.name(), field.dtype(), "nullable");
            }
        }
        _ => {}
    }
}

/// Spark has two names for some types, one for SQL and one for this.
fn long_name(dtype: &DataType) -> String {
    let name = types::name(dtype);
    match name.as_str() {
        "tinyint" => "byte".into(),
        "smallint" => "short".into(),
        "int" => "integer".into(),
        "bigint" => "long".into(),
        _ if dtype.is_nested() => name.split('<').next().unwrap_or_default().into(),
        _ => name,
    }
}

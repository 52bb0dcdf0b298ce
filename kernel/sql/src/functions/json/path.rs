//! `get_json_object`: the value at a path such as `$.a[0].b` or `$.a[*].b`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, StringArray};
use datafusion::common::Result;
use serde_json::Value;

use crate::functions::udf::{text_at, texts};

/// The value at a path: texts bare, everything else as JSON.
pub(super) fn get_object(args: &[ArrayRef]) -> Result<ArrayRef> {
    let (values, paths) = (texts(&args[0])?, texts(&args[1])?);
    let found = (0..values.len()).map(|row| {
        let json: Value = serde_json::from_str(text_at(values, row)?).ok()?;
        let steps = steps(text_at(paths, row)?)?;
        let many = steps.contains(&Step::All);
        let found = at_path(&json, &steps);
        match (found.as_slice(), many) {
            ([], _) | ([Value::Null], _) => None,
            ([Value::String(text)], false) => Some(text.clone()),
            ([one], _) => Some(one.to_string()),
            (several, _) => serde_json::to_string(several).ok(),
        }
    });
    Ok(Arc::new(found.collect::<StringArray>()))
}

#[derive(Debug, PartialEq)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
    All,
}

fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut rest = path.trim().strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (step, after) = inside.split_once(']')?;
            let step = step.trim();
            steps.push(match step.strip_prefix('\'').and_then(|step| step.strip_suffix('\'')) {
                Some(key) => Step::Key(key),
                None if step == "*" => Step::All,
                None => Step::Index(step.parse().ok()?),
            });
            rest = after;
        } else {
            let step = rest.strip_prefix('.')?;
            let end = step.find(['.', '[']).unwrap_or(step.len());
            steps.push(if &step[..end] == "*" { Step::All } else { Step::Key(&step[..end]) });
            rest = &step[end..];
        }
    }
    Some(steps)
}

fn at_path<'v>(json: &'v Value, steps: &[Step<'_>]) -> Vec<&'v Value> {
    let mut found = vec![json];
    for step in steps {
        found = found
            .into_iter()
            .flat_map(|value| match (step, value) {
                (Step::All, Value::Array(values)) => values.iter().collect(),
                (Step::All, Value::Object(object)) => object.values().collect(),
                (Step::All, _) => Vec::new(),
                (Step::Key(key), value) => value.get(key).into_iter().collect(),
                (Step::Index(index), value) => value.get(index).into_iter().collect::<Vec<_>>(),
            })
            .collect();
    }
    found
}

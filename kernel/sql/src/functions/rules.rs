//! Which expression a function of Spark is, where the engine does not have it by that name and meaning.
//!
//! A rule is a template: `$1`, `$2` are the arguments. `OVER`, `FILTER` and `DISTINCT` of the call go to the aggregate
//! or window function in the template. `_cast` is Spark's cast, see [`super::cast`]; `_op_name(a, b)` is an operator, which
//! depends on the types of its operands, see [`crate::query::operators`].

/// A function, the number of its arguments, and what it is.
pub(crate) type Rule = (&'static str, usize, &'static str);

/// The rule for a call.
pub(crate) fn find(name: &str, args: usize) -> Option<&'static str> {
    let found = ALL.iter().flat_map(|rules| rules.iter()).find(|rule| rule.0 == name && rule.1 == args);
    found.map(|rule| rule.2)
}

/// The names of all functions that have rules.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().flat_map(|rules| rules.iter()).map(|rule| rule.0)
}

const ALL: &[&[Rule]] = &[CASTS, CONDITIONS, DATES, TEXT, NUMBERS, AGGREGATES, WINDOWS, COLLECTIONS, SESSION];

const CASTS: &[Rule] = &[
    ("bigint", 1, "_cast($1, 'bigint')"),
    ("binary", 1, "_cast($1, 'binary')"),
    ("boolean", 1, "_cast($1, 'boolean')"),
    ("date", 1, "_cast($1, 'date')"),
    ("decimal", 1, "_cast($1, 'decimal(10,0)')"),
    ("double", 1, "_cast($1, 'double')"),
    ("float", 1, "_cast($1, 'float')"),
    ("int", 1, "_cast($1, 'int')"),
    ("smallint", 1, "_cast($1, 'smallint')"),
    ("string", 1, "_cast($1, 'string')"),
    ("timestamp", 1, "_cast($1, 'timestamp')"),
    ("tinyint", 1, "_cast($1, 'tinyint')"),
];

const CONDITIONS: &[Rule] = &[
    ("equal_null", 2, "$1 IS NOT DISTINCT FROM $2"),
    ("if", 3, "CASE WHEN $1 THEN $2 ELSE $3 END"),
    ("iff", 3, "CASE WHEN $1 THEN $2 ELSE $3 END"),
    ("ifnull", 2, "coalesce($1, $2)"),
    ("isnotnull", 1, "$1 IS NOT NULL"),
    ("isnull", 1, "$1 IS NULL"),
    ("nvl", 2, "coalesce($1, $2)"),
    ("nvl2", 3, "CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END"),
    ("nullifzero", 1, "nullif($1, 0)"),
    ("zeroifnull", 1, "coalesce($1, 0)"),
];

const DATES: &[Rule] = &[
    ("add_months", 2, "add_months(_cast($1, 'date'), CAST($2 AS INT))"),
    ("curdate", 0, "current_date()"),
    ("current_timestamp", 0, "_cast(now(), 'timestamp')"),
    ("date_add", 2, "date_add(_cast($1, 'date'), CAST($2 AS INT))"),
    ("date_diff", 2, "date_diff(_cast($1, 'date'), _cast($2, 'date'))"),
    ("date_format", 2, "_format(_cast($1, 'timestamp'), $2)"),
    ("date_part", 2, "date_part($1, _cast($2, 'temporal'))"),
    ("date_sub", 2, "date_sub(_cast($1, 'date'), CAST($2 AS INT))"),
    ("date_trunc", 2, "_cast(date_trunc(lower($1), _cast($2, 'timestamp')), 'timestamp')"),
    ("dateadd", 2, "date_add(_cast($1, 'date'), CAST($2 AS INT))"),
    ("datediff", 2, "date_diff(_cast($1, 'date'), _cast($2, 'date'))"),
    ("day", 1, "CAST(date_part('day', _cast($1, 'temporal')) AS INT)"),
    ("dayname", 1, "_format(_cast($1, 'timestamp'), 'EEE')"),
    ("dayofmonth", 1, "CAST(date_part('day', _cast($1, 'temporal')) AS INT)"),
    ("dayofweek", 1, "CAST((weekday(_cast($1, 'date')) + 1) % 7 + 1 AS INT)"),
    ("dayofyear", 1, "CAST(date_part('doy', _cast($1, 'temporal')) AS INT)"),
    ("from_unixtime", 1, "_format(_cast(_cast($1, 'bigint'), 'timestamp'), 'yyyy-MM-dd HH:mm:ss')"),
    ("from_unixtime", 2, "_format(_cast(_cast($1, 'bigint'), 'timestamp'), $2)"),
    ("hour", 1, "CAST(date_part('hour', _cast($1, 'timestamp')) AS INT)"),
    ("last_day", 1, "last_day(_cast($1, 'date'))"),
    ("localtimestamp", 0, "_cast(now(), 'timestamp')"),
    ("minute", 1, "CAST(date_part('minute', _cast($1, 'timestamp')) AS INT)"),
    ("month", 1, "CAST(date_part('month', _cast($1, 'temporal')) AS INT)"),
    ("monthname", 1, "_format(_cast($1, 'timestamp'), 'MMM')"),
    ("months_between", 2, "_months_between(_cast($1, 'timestamp'), _cast($2, 'timestamp'))"),
    ("next_day", 2, "next_day(_cast($1, 'date'), $2)"),
    ("now", 0, "_cast(now(), 'timestamp')"),
    ("quarter", 1, "CAST(date_part('quarter', _cast($1, 'temporal')) AS INT)"),
    ("second", 1, "CAST(date_part('second', _cast($1, 'timestamp')) AS INT)"),
    ("timestamp_micros", 1, "arrow_cast(CAST($1 AS BIGINT), 'Timestamp(Microsecond, None)')"),
    ("timestamp_millis", 1, "arrow_cast(CAST($1 AS BIGINT) * 1000, 'Timestamp(Microsecond, None)')"),
    ("timestamp_seconds", 1, "_cast($1, 'timestamp')"),
    ("to_date", 1, "_cast($1, 'date')"),
    ("to_date", 2, "_cast(_parse(_cast($1, 'string'), $2), 'date')"),
    ("to_timestamp", 1, "_cast($1, 'timestamp')"),
    ("to_timestamp", 2, "_parse(_cast($1, 'string'), $2)"),
    ("to_unix_timestamp", 1, "_cast(_cast($1, 'timestamp'), 'bigint')"),
    ("to_unix_timestamp", 2, "_cast(_parse(_cast($1, 'string'), $2), 'bigint')"),
    ("trunc", 2, "trunc(_cast($1, 'date'), $2)"),
    ("try_to_date", 1, "_cast($1, 'date')"),
    ("try_to_timestamp", 1, "_cast($1, 'timestamp')"),
    ("try_to_timestamp", 2, "_parse(_cast($1, 'string'), $2)"),
    ("unix_date", 1, "unix_date(_cast($1, 'date'))"),
    ("unix_micros", 1, "unix_micros(_cast($1, 'timestamp'))"),
    ("unix_millis", 1, "unix_millis(_cast($1, 'timestamp'))"),
    ("unix_seconds", 1, "_cast(_cast($1, 'timestamp'), 'bigint')"),
    ("unix_timestamp", 0, "_cast(_cast(now(), 'timestamp'), 'bigint')"),
    ("unix_timestamp", 1, "_cast(_cast($1, 'timestamp'), 'bigint')"),
    ("unix_timestamp", 2, "_cast(_parse(_cast($1, 'string'), $2), 'bigint')"),
    ("weekday", 1, "weekday(_cast($1, 'date'))"),
    ("weekofyear", 1, "CAST(date_part('week', _cast($1, 'temporal')) AS INT)"),
    ("year", 1, "CAST(date_part('year', _cast($1, 'temporal')) AS INT)"),
];

const TEXT: &[Rule] = &[
    ("char_length", 1, "length(_cast($1, 'string'))"),
    ("character_length", 1, "length(_cast($1, 'string'))"),
    ("endswith", 2, "ends_with($1, $2)"),
    ("format_number", 2, "format_number(_cast($1, 'double'), $2)"),
    ("initcap", 1, "initcap(_cast($1, 'string'))"),
    ("instr", 2, "CAST(strpos(_cast($1, 'string'), $2) AS INT)"),
    ("lcase", 1, "lower(_cast($1, 'string'))"),
    ("length", 1, "length(_cast($1, 'string'))"),
    ("locate", 2, "CAST(strpos(_cast($2, 'string'), $1) AS INT)"),
    (
        "locate",
        3,
        "CAST(CASE WHEN $3 < 1 OR strpos(substr($2, $3), $1) = 0 THEN 0 \
                   ELSE strpos(substr($2, $3), $1) + $3 - 1 END AS INT)",
    ),
    ("lower", 1, "lower(_cast($1, 'string'))"),
    ("lpad", 2, "lpad(_cast($1, 'string'), $2, ' ')"),
    ("lpad", 3, "lpad(_cast($1, 'string'), $2, $3)"),
    ("ltrim", 1, "ltrim(_cast($1, 'string'), ' ')"),
    ("position", 2, "CAST(strpos(_cast($2, 'string'), $1) AS INT)"),
    ("regexp", 2, "regexp_like(_cast($1, 'string'), $2)"),
    ("regexp_extract", 2, "regexp_extract(_cast($1, 'string'), $2, 1)"),
    ("regexp_extract", 3, "regexp_extract(_cast($1, 'string'), $2, $3)"),
    ("regexp_extract_all", 2, "regexp_extract_all(_cast($1, 'string'), $2, 1)"),
    ("regexp_extract_all", 3, "regexp_extract_all(_cast($1, 'string'), $2, $3)"),
    ("regexp_like", 2, "regexp_like(_cast($1, 'string'), $2)"),
    ("regexp_replace", 3, "regexp_replace(_cast($1, 'string'), $2, $3)"),
    ("replace", 2, "replace(_cast($1, 'string'), $2, '')"),
    ("replace", 3, "replace(_cast($1, 'string'), $2, $3)"),
    ("reverse", 1, "_op_reverse($1, NULL)"),
    ("rlike", 2, "regexp_like(_cast($1, 'string'), $2)"),
    ("rpad", 2, "rpad(_cast($1, 'string'), $2, ' ')"),
    ("rpad", 3, "rpad(_cast($1, 'string'), $2, $3)"),
    ("rtrim", 1, "rtrim(_cast($1, 'string'), ' ')"),
    ("split", 2, "_split(_cast($1, 'string'), $2, -1)"),
    ("split", 3, "_split(_cast($1, 'string'), $2, $3)"),
    ("startswith", 2, "starts_with($1, $2)"),
    ("substr", 2, "substring(_cast($1, 'string'), $2)"),
    ("substr", 3, "substring(_cast($1, 'string'), $2, $3)"),
    ("substring", 2, "substring(_cast($1, 'string'), $2)"),
    ("substring", 3, "substring(_cast($1, 'string'), $2, $3)"),
    ("trim", 1, "btrim(_cast($1, 'string'), ' ')"),
    ("trim", 2, "btrim(_cast($1, 'string'), $2)"),
    ("ucase", 1, "upper(_cast($1, 'string'))"),
    ("upper", 1, "upper(_cast($1, 'string'))"),
];

const NUMBERS: &[Rule] = &[
    ("bround", 1, "rint(_cast($1, 'double'))"),
    ("bround", 2, "rint($1 * power(10, $2)) / power(10, $2)"),
    ("e", 0, "exp(1)"),
    ("ln", 1, "ln(CASE WHEN $1 > 0 THEN _cast($1, 'double') END)"),
    ("log", 1, "ln(CASE WHEN $1 > 0 THEN _cast($1, 'double') END)"),
    ("log1p", 1, "ln(CASE WHEN $1 > -1 THEN 1 + _cast($1, 'double') END)"),
    ("log10", 1, "log10(CASE WHEN $1 > 0 THEN _cast($1, 'double') END)"),
    ("log2", 1, "log2(CASE WHEN $1 > 0 THEN _cast($1, 'double') END)"),
    ("mod", 2, "$1 % $2"),
    ("positive", 1, "$1"),
    ("pow", 2, "power(_cast($1, 'double'), _cast($2, 'double'))"),
    ("power", 2, "power(_cast($1, 'double'), _cast($2, 'double'))"),
    ("rand", 0, "random()"),
    ("randn", 0, "sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"),
    ("round", 1, "_op_round($1, 0)"),
    ("round", 2, "_op_round($1, $2)"),
    ("sign", 1, "signum(_cast($1, 'double'))"),
    ("signum", 1, "signum(_cast($1, 'double'))"),
    ("sqrt", 1, "CASE WHEN _cast($1, 'double') < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(abs(_cast($1, 'double'))) END"),
    ("try_add", 2, "$1 + $2"),
    ("try_divide", 2, "$1 / $2"),
    ("try_multiply", 2, "$1 * $2"),
    ("try_subtract", 2, "$1 - $2"),
];

const AGGREGATES: &[Rule] = &[
    ("any", 1, "bool_or($1)"),
    ("any_value", 1, "first_value($1)"),
    ("approx_count_distinct", 1, "CAST(approx_distinct($1) AS BIGINT)"),
    ("approx_count_distinct", 2, "CAST(approx_distinct($1) AS BIGINT)"),
    (
        "approx_percentile",
        2,
        "array_element(array_sort(collect_list($1)), greatest(CAST(ceil($2 * count($1)) AS BIGINT), 1))",
    ),
    (
        "approx_percentile",
        3,
        "array_element(array_sort(collect_list($1)), greatest(CAST(ceil($2 * count($1)) AS BIGINT), 1))",
    ),
    ("array_agg", 1, "collect_list($1)"),
    ("bool_and", 1, "bool_and($1)"),
    ("count_if", 1, "count(CASE WHEN $1 THEN 1 END)"),
    ("every", 1, "bool_and($1)"),
    ("first", 1, "first_value($1)"),
    ("grouping", 1, "CAST(grouping($1) AS TINYINT)"),
    ("kurtosis", 1, "kurtosis(_cast($1, 'double'))"),
    ("last", 1, "last_value($1)"),
    ("listagg", 1, "string_agg($1, '')"),
    ("listagg", 2, "string_agg($1, $2)"),
    ("max_by", 2, "last_value($1 ORDER BY $2 ASC NULLS FIRST) FILTER (WHERE $2 IS NOT NULL)"),
    ("mean", 1, "avg($1)"),
    ("median", 1, "percentile_cont(_cast($1, 'double'), 0.5)"),
    ("min_by", 2, "first_value($1 ORDER BY $2 ASC NULLS LAST) FILTER (WHERE $2 IS NOT NULL)"),
    ("percentile", 2, "percentile_cont(_cast($1, 'double'), $2)"),
    (
        "percentile_approx",
        2,
        "array_element(array_sort(collect_list($1)), greatest(CAST(ceil($2 * count($1)) AS BIGINT), 1))",
    ),
    (
        "percentile_approx",
        3,
        "array_element(array_sort(collect_list($1)), greatest(CAST(ceil($2 * count($1)) AS BIGINT), 1))",
    ),
    ("skewness", 1, "skewness(_cast($1, 'double'))"),
    ("some", 1, "bool_or($1)"),
    ("std", 1, "stddev(_cast($1, 'double'))"),
    ("stddev_samp", 1, "stddev(_cast($1, 'double'))"),
    ("string_agg", 1, "string_agg($1, '')"),
    ("variance", 1, "var(_cast($1, 'double'))"),
    ("var_samp", 1, "var(_cast($1, 'double'))"),
];

const WINDOWS: &[Rule] = &[
    ("dense_rank", 0, "CAST(dense_rank() AS INT)"),
    ("ntile", 1, "CAST(ntile($1) AS INT)"),
    ("rank", 0, "CAST(rank() AS INT)"),
    ("row_number", 0, "CAST(row_number() AS INT)"),
];

const COLLECTIONS: &[Rule] = &[
    ("aggregate", 3, "_reduce($1, $2, $3)"),
    ("aggregate", 4, "array_element(array_transform(array(_reduce($1, $2, $3)), $4), 1)"),
    ("array_join", 2, "array_to_string($1, $2)"),
    ("array_join", 3, "array_to_string($1, $2, $3)"),
    ("array_position", 2, "coalesce(CAST(array_position($1, $2) AS BIGINT), CASE WHEN $1 IS NOT NULL THEN 0 END)"),
    ("array_remove", 2, "array_remove_all($1, $2)"),
    ("array_size", 1, "size($1)"),
    ("array_sort", 1, "array_sort($1, 'ASC', 'NULLS LAST')"),
    ("cardinality", 1, "size($1)"),
    ("element_at", 2, "_op_element_at($1, $2)"),
    ("exists", 2, "array_any_match($1, $2)"),
    ("filter", 2, "array_filter($1, $2)"),
    ("get", 2, "_op_get($1, $2)"),
    ("map_contains_key", 2, "array_has(map_keys($1), $2)"),
    ("reduce", 3, "_reduce($1, $2, $3)"),
    ("reduce", 4, "array_element(array_transform(array(_reduce($1, $2, $3)), $4), 1)"),
    ("sequence", 2, "_op_sequence($1, $2)"),
    ("sequence", 3, "generate_series($1, $2, $3)"),
    ("sort_array", 1, "array_sort($1, 'ASC', 'NULLS FIRST')"),
    ("transform", 2, "array_transform($1, $2)"),
    ("try_element_at", 2, "_op_element_at($1, $2)"),
];

const SESSION: &[Rule] = &[
    ("current_catalog", 0, "'spark_catalog'"),
    ("current_timezone", 0, "'UTC'"),
    ("input_file_name", 0, "''"),
    ("monotonically_increasing_id", 0, "CAST(row_number() OVER () - 1 AS BIGINT)"),
    ("spark_partition_id", 0, "CAST(0 AS INT)"),
    ("typeof", 1, "_op_typeof($1, NULL)"),
];

//! Functions and operators with Spark's meaning, at the edges where engines differ. The answers are those that Spark's
//! documentation or source gives.

use super::{row, rows, run, session};

/// Each expression with what it is.
fn check(cases: &[(&str, &str)]) {
    let (_root, session) = session();
    for (expression, expected) in cases {
        assert_eq!(row(&session, &format!("SELECT {expression}")), *expected, "{expression}");
    }
}

#[test]
fn division_gives_doubles_and_null_for_zero() {
    check(&[
        ("1 / 2", "0.5"),
        ("1 / 0, 1.0 / 0, 1 % 0, 1 div 0", "NULL|NULL|NULL|NULL"),
        ("7 div 2, -7 div 2, 7.5D div 2", "3|-3|3"),
        ("10 div 3 + 1", "4"),
        ("-7 % 3, pmod(-7, 3)", "-1|2"),
        ("1.0 / 3, 3.5 / 2", "0.333333|1.750000"),
    ]);
}

#[test]
fn what_a_cast_cannot_convert_is_null() {
    check(&[
        ("cast('abc' AS int), cast('' AS double), cast('2024-13-01' AS date)", "NULL|NULL|NULL"),
        ("cast(' 12.9 ' AS int), cast('-0.5' AS int), cast('+7' AS bigint)", "12|0|7"),
        ("cast(3000000000 AS int), cast(1e20 AS int), cast('NaN' AS int)", "-1294967296|2147483647|NULL"),
        ("cast('yes' AS boolean), cast('0' AS boolean), cast('x' AS boolean)", "true|false|NULL"),
        ("cast(1e10 AS string), cast(0.001D AS string), cast(1.0D AS string)", "1.0E10|0.001|1.0"),
        ("cast(1.5 AS string), cast(true AS string), cast(date'2024-02-29' AS string)", "1.5|true|2024-02-29"),
        ("cast('2024-1-5' AS date), cast('2024' AS date), cast('2024-02-30' AS date)", "2024-01-05|2024-01-01|NULL"),
        ("cast(timestamp'2024-01-01 10:00:00.5' AS string)", "2024-01-01 10:00:00.5"),
        ("cast(array(1, NULL) AS string), cast(12.345 AS decimal(4, 1))", "[1, null]|12.3"),
    ]);
}

#[test]
fn texts_beside_numbers_are_numbers() {
    check(&[
        ("'5' + 3, '2' * '4', '10' > 9, '1.5' = 1.5", "8.0|8.0|true|true"),
        ("5 || 'a', concat('a', NULL), concat('a', 1, 2.5)", "5a|NULL|a12.5"),
        ("date'2024-01-31' >= '2024-01-05', '' = date'2024-01-01'", "true|NULL"),
    ]);
}

#[test]
fn dates_use_patterns_of_java() {
    check(&[
        ("date_format(timestamp'2024-03-09 15:04:05', 'EEEE d MMM yyyy, hh:mm a')", "Saturday 9 Mar 2024, 03:04 PM"),
        ("date_format(date'2024-12-30', \"yy-M-d 'at' HH\")", "24-12-30 at 00"),
        ("to_timestamp('09/03/2024 15.04', 'dd/MM/yyyy HH.mm')", "2024-03-09 15:04:00"),
        ("to_date('20240309', 'yyyyMMdd'), to_date('nope', 'yyyyMMdd')", "2024-03-09|NULL"),
        ("from_unixtime(0), unix_timestamp('1970-01-02 00:00:00')", "1970-01-01 00:00:00|86400"),
        ("from_unixtime(86400, 'yyyy-DDD')", "1970-002"),
    ]);
}

#[test]
fn dates_are_calculated_as_in_spark() {
    check(&[
        (
            "date'2024-01-31' + 1, date_sub('2024-03-01', 1), add_months('2024-01-31', 1)",
            "2024-02-01|2024-02-29|2024-02-29",
        ),
        ("datediff('2024-03-01', '2024-02-01'), months_between('2024-03-31', '2024-02-29')", "29|1.0"),
        ("months_between('1997-02-28 10:30:00', '1996-10-30')", "3.94959677"),
        ("dayofweek('2024-03-10'), weekday('2024-03-10'), weekofyear('2024-12-30')", "1|6|1"),
        (
            "last_day('2024-02-10'), next_day('2024-02-10', 'Mon'), trunc('2024-02-10', 'MM')",
            "2024-02-29|2024-02-12|2024-02-01",
        ),
        ("year('2024-05-06'), quarter('2024-05-06'), hour('2024-05-06 07:08:09')", "2024|2|7"),
        ("extract(MONTH FROM date'2024-05-06'), date_part('day', '2024-05-06')", "5|6"),
        ("date'2024-01-31' + INTERVAL 1 MONTH", "2024-02-29"),
    ]);
}

#[test]
fn texts_are_cut_and_matched_as_in_spark() {
    check(&[
        ("substring('hello', -3), substring('hello', 0, 2), substr('hello', 2, 2)", "llo|he|el"),
        ("split('a,b,,', ','), split('a1b2', '[0-9]', 2)", "[\"a\", \"b\", … \"\"]|[\"a\", \"b2\"]"),
        ("regexp_extract('a12b', '([0-9]+)([a-z])', 2), regexp_extract('x', '(y)', 1)", "b|"),
        ("regexp_replace('a1b2', '([0-9])', '<$1>'), 'abc' RLIKE '^a.c$'", "a<1>b<2>|true"),
        ("initcap('d\\'arcy o.neil'), instr('abc', 'c'), locate('b', 'abcb', 3)", "D'arcy O.neil|3|4"),
        ("trim('  a '), ltrim('  a'), trim(BOTH 'x' FROM 'xax'), lpad('7', 3, '0')", "a|a|a|007"),
        ("format_number(1234567.891, 2), format_number(0.5, 0)", "1,234,567.89|0"),
        ("concat_ws('-', 'a', NULL, 'b'), substring_index('a.b.c', '.', -1)", "a-b|c"),
        ("length('é'), reverse('abc'), translate('abc', 'ab', 'x'), upper(1.5)", "1|cba|xc|1.5"),
        ("r'a\\d', 'a\\tb', \"double\"", "a\\d|a\tb|double"),
    ]);
}

#[test]
fn collections_count_from_where_spark_does() {
    check(&[
        ("array(1, 2, 3)[0], array(1)[5], array(1)[-1], element_at(array(1, 2), -1)", "1|NULL|NULL|2"),
        ("map('a', 1)['a'], map('a', 1)['b'], element_at(map('a', 1), 'a')", "1|NULL|1"),
        ("named_struct('A', 5).a, struct(1 AS x, 2).col2", "5|2"),
        ("size(array(1, 2)), array_contains(array(1, 2), 2), array_position(array(1), 9)", "2|true|0"),
        ("sort_array(array(2, NULL, 1)), sequence(1, 7, 3)", "[null, 1, 2]|[1, 4, 7]"),
        ("transform(array(1, 2), x -> x * 10), filter(array(1, 2), x -> x > 1)", "[10, 20]|[2]"),
        ("exists(array(1, 2), x -> x > 1), forall(array(1, 2), x -> x > 1)", "true|false"),
        ("aggregate(array(1, 2, 3), 0, (acc, x) -> acc + x)", "6"),
        ("aggregate(array(1, 2, 3), 10, (acc, x) -> acc + x, acc -> acc * 2)", "32"),
        ("aggregate(cast(NULL AS array<int>), 0, (acc, x) -> acc + x)", "NULL"),
        (
            "reverse(array(1, 2)), concat(array(1), array(2)), flatten(array(array(1), array(2)))",
            "[2, 1]|[1, 2]|[1, 2]",
        ),
    ]);
}

#[test]
fn json_is_read_and_written() {
    check(&[
        ("get_json_object('{\"a\": {\"b\": [1, \"x\"]}}', '$.a.b[1]')", "x"),
        ("get_json_object('{\"a\": {\"b\": 1}}', '$.a'), get_json_object('no', '$.a')", "{\"b\":1}|NULL"),
        ("from_json('{\"a\": 1, \"b\": [\"x\"]}', 'a INT, b ARRAY<STRING>').b[0]", "x"),
        ("from_json('[1, 2]', 'ARRAY<INT>')[1], from_json('no', 'a INT').a", "2|NULL"),
        ("to_json(named_struct('a', 1, 'b', NULL, 'c', array('x\"')))", "{\"a\":1,\"c\":[\"x\\\"\"]}"),
    ]);
}

#[test]
fn conditions_and_numbers() {
    check(&[
        ("if(NULL, 1, 2), nvl(NULL, 'x'), nvl2(1, 'a', 'b'), nullif(1, 1)", "2|x|a|NULL"),
        ("decode(2, 1, 'one', 2, 'two', 'more'), decode(9, 1, 'one')", "two|NULL"),
        ("coalesce(NULL, NULL), greatest(1, NULL, 3), least('b', 'a')", "NULL|3|a"),
        ("NULL <=> NULL, 1 <=> NULL, NULL = NULL, NOT NULL", "true|false|NULL|NULL"),
        ("round(2.5), round(-2.5), round(1.235, 2), bround(2.5), round(1234, -2)", "3|-3|1.24|2|1200"),
        ("ln(0), sqrt(-1), log(2, 8), sign(-3)", "NULL|NaN|3.0|-1.0"),
        ("1 + 1, 1L, 1.5D, 100000000000", "2|1|1.5|100000000000"),
        (
            "typeof(1), typeof(1.5), typeof(1e3), typeof(1 + 1L), typeof(map('a', 1))",
            "int|decimal(2,1)|double|bigint|map<string,int>",
        ),
    ]);
}

#[test]
fn aggregates_answer_as_in_spark() {
    let (_root, session) = session();
    let view = "CREATE TEMP VIEW v AS SELECT * FROM VALUES \
                (1, 'a', 1.0D), (2, 'b', 2.0D), (2, 'b', 10.0D), (NULL, NULL, NULL) AS t(k, s, x)";
    session.execute(view).unwrap();
    for (expression, expected) in [
        ("count(*), count(k), count(DISTINCT k), count(DISTINCT k, s), count(k, x)", "4|3|2|2|3"),
        ("sum(k), avg(k), min(s), max(s), count_if(k > 1)", "5|1.6666666666666667|a|b|2"),
        ("percentile(x, 0.5), percentile_approx(x, 0.5), median(x), percentile(x, 0.25)", "2.0|2.0|2.0|1.5"),
        ("max_by(s, x), min_by(s, x), first(s), first(s, true), mode(s)", "b|a|a|a|b"),
        (
            "collect_list(k), sort_array(collect_set(s)), bool_and(k > 0), any(k > 1)",
            "[1, 2, 2]|[\"a\", \"b\"]|true|true",
        ),
        ("round(skewness(x), 6), round(kurtosis(x), 6), round(stddev(x), 6)", "0.674555|-1.5|4.932883"),
        ("sum(x) FILTER (WHERE s = 'b'), approx_count_distinct(k)", "12.0|2"),
    ] {
        assert_eq!(row(&session, &format!("SELECT {expression} FROM v")), expected, "{expression}");
    }
}

#[test]
fn times_that_a_table_says_to_be_in_utc_are_times_like_any_others() {
    let (_root, session) = session();
    // The first is what Spark writes for its timestamps.
    run(
        &session,
        "CREATE TABLE said (at TIMESTAMP_LTZ, other TIMESTAMP_LTZ); CREATE TABLE plain (at TIMESTAMP, other TIMESTAMP)",
    );
    let log = session.metastore().root().join("warehouse/said/_delta_log/00000000000000000000.json");
    assert!(std::fs::read_to_string(log).unwrap().contains(r#"\"type\":\"timestamp\""#));
    for table in ["said", "plain"] {
        run(
            &session,
            &format!(
                "INSERT INTO {table} VALUES (TIMESTAMP'2024-01-31 23:30:15.250', TIMESTAMP'2024-03-31 02:30:00'),
                     (TIMESTAMP'2023-07-01 00:00:00', NULL), (NULL, TIMESTAMP'1969-12-31 23:59:59')"
            ),
        );
    }
    // In the session's zone they are without one where that is UTC, and not said to be in any.
    let shown = |query: &str| rows(&session, query).iter().map(|row| row.replace(" UTC", "")).collect::<Vec<_>>();
    for zone in ["UTC", "Europe/Berlin", "+05:30"] {
        run(&session, &format!("SET TIME ZONE '{zone}'"));
        for value in [
            "at",
            "year(at), quarter(at), month(at), day(at), hour(at), minute(at), second(at)",
            "dayofweek(at), weekofyear(at), extract(DOY FROM at), date_part('MINUTE', at), weekday(at), dayofyear(at)",
            "date_format(at, 'yyyy-MM-dd HH:mm:ss.SSS'), to_date(at), date(at), CAST(at AS STRING), string(other)",
            "date_trunc('HOUR', at), trunc(at, 'MM'), last_day(at), add_months(at, 1), date_add(at, 1), next_day(at, 'MON')",
            "unix_timestamp(at), to_unix_timestamp(at), unix_micros(at), CAST(at AS BIGINT), CAST(at AS DOUBLE)",
            "datediff(other, at), months_between(other, at), timestampdiff(HOUR, at, other), timestampadd(DAY, 1, at)",
            "at + INTERVAL 1 DAY, at - INTERVAL 2 MONTHS, at + INTERVAL '90' MINUTE, other - at",
            "at = other, at < other, at > '2024-01-01', at >= DATE'2024-01-31', at BETWEEN '2023-07-01' AND '2024-02-01'",
            "at IN (TIMESTAMP'2023-07-01 00:00:00', other), coalesce(at, other), greatest(at, other), nvl(at, current_date())",
            "IF(at IS NULL, other, at), CASE WHEN at > other THEN at ELSE DATE'2024-01-01' END, nullif(at, other)",
            "from_utc_timestamp(at, 'Asia/Tokyo'), to_utc_timestamp(at, 'Asia/Tokyo'), to_timestamp(at), date_from_unix_date(1)",
            "concat(at, '!'), hash(at), to_json(named_struct('t', at)), array(at, other), size(sequence(at, at + INTERVAL 1 HOUR))",
        ] {
            let of = |table: &str| shown(&format!("SELECT {value} FROM {table} WHERE at IS NOT NULL ORDER BY at"));
            assert_eq!(of("said"), of("plain"), "{zone}: {value}");
        }
        for query in [
            "SELECT max(at), min(other), count(DISTINCT at), hour(max(at)) FROM TABLE",
            "SELECT date_trunc('MONTH', at) AS m, count(*) FROM TABLE GROUP BY ALL ORDER BY ALL",
            "SELECT hour(window.start) FROM TABLE WHERE at > '2000-01-01' GROUP BY window(at, '1 day') ORDER BY 1",
            "SELECT count(*) FROM TABLE JOIN plain AS p USING (at)",
            "SELECT at FROM TABLE WHERE at = (SELECT max(at) FROM plain)",
            "SELECT at FROM TABLE UNION SELECT at FROM plain ORDER BY at",
        ] {
            let of = |table: &str| shown(&query.replace("TABLE", table));
            assert_eq!(of("said"), of("plain"), "{zone}: {query}");
        }
    }
    // What a query makes of them is kept as it was.
    run(&session, "SET TIME ZONE 'UTC'; CREATE TABLE copy AS SELECT at FROM said");
    let log = session.metastore().root().join("warehouse/copy/_delta_log/00000000000000000000.json");
    assert!(std::fs::read_to_string(log).unwrap().contains(r#"\"type\":\"timestamp\""#));
}

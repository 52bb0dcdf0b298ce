//! What a query may ask for: the planner comes to an end, and values stay within memory.

use super::{row, rows, session};

/// Each of them as an argument of a generator, which is looked into for aggregates before it moves into `FROM`.
#[test]
fn every_function_can_be_exploded_or_is_refused() {
    let (_root, session) = session();
    let names = rows(&session, "SHOW SYSTEM FUNCTIONS");
    assert!(names.len() > 400, "{} functions", names.len());
    let mut planned = 0;
    for name in &names {
        for arguments in ["", "'1'", "'1', '1'", "'1', '1', '1'", "'1', '1', '1', '1'"] {
            planned += usize::from(session.sql(&format!("EXPLAIN SELECT explode(array({name}({arguments})))")).is_ok());
        }
    }
    assert!(planned > 200, "{planned} calls were planned");
}

#[test]
fn values_that_no_memory_holds_are_refused() {
    let (_root, session) = session();
    for sql in [
        "SELECT size(sequence(1, 2000000000))",
        "SELECT size(sequence(DATE '0001-01-01', DATE '9999-12-31', INTERVAL 1 SECOND))",
        "SELECT size(array_repeat('a', 2000000000))",
        "SELECT size(array_insert(array(1), 2000000000, 2))",
        "SELECT size(array_insert(array(1), -2000000000, 2))",
        "SELECT length(space(2000000000))",
        "SELECT length(lpad('a', 2000000000, 'b'))",
        "SELECT length(rpad('a', 2000000000))",
        "SELECT length(repeat('a', 2000000000))",
    ] {
        let error = session.sql(sql).expect_err(sql);
        assert_eq!(error.ename(), "COMPUTE_ERROR", "{sql}");
        assert!(error.message().contains("too long"), "{sql}: {}", error.message());
    }
    assert_eq!(
        row(&session, "SELECT array_repeat('a', 2), array_repeat('a', 0), array_repeat('a', -1)"),
        "[\"a\", \"a\"]|[]|[]"
    );
    assert_eq!(row(&session, "SELECT array_repeat('a', NULL), size(array_repeat(NULL, 3))"), "NULL|3");
}

/// Of all rows at once, the lists would have a thousand million elements each.
#[test]
fn long_lists_are_exploded_a_few_at_a_time() {
    let (_root, session) = session();
    for (list, least) in
        [("sequence(1, 100000)", "1"), ("sequence(id, id + 99999)", "0"), ("array_repeat(id, 100000)", "0")]
    {
        let sql = format!("SELECT count(*), min(x) FROM (SELECT explode({list}) AS x FROM range(1500))");
        assert_eq!(row(&session, &sql), format!("150000000|{least}"), "{list}");
    }
    let other = "SELECT id, n FROM range(3) LATERAL VIEW explode(sequence(1, CAST(id AS INT))) v AS n WHERE id > 0";
    assert_eq!(rows(&session, &format!("{other} ORDER BY id, n")), ["1|1", "2|1", "2|2"]);
}

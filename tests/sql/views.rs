//! Temporary views: queries that are run when they are read.

use polars::prelude::*;

use super::{columns, row, rows, session};

#[test]
fn a_temporary_view_shows_what_its_tables_hold_when_it_is_read() {
    let (_root, session) = session();
    session.execute("CREATE TABLE t AS SELECT 1 AS id; CREATE TEMP VIEW v (a) AS SELECT id FROM t").unwrap();
    session.execute("CREATE GLOBAL TEMP VIEW g AS SELECT max(a) AS most FROM v").unwrap();
    session.execute("INSERT INTO t VALUES (2)").unwrap();
    assert_eq!(rows(&session, "SELECT a FROM v ORDER BY a"), ["1", "2"]);
    assert_eq!(row(&session, "SELECT most FROM global_temp.g"), "2");
    assert_eq!(session.collect(session.table("v").unwrap()).unwrap().height(), 2);
    assert_eq!(session.collect(session.table("global_temp.g").unwrap()).unwrap().height(), 1);
    // A view that another one is made of may be replaced.
    session.execute("CREATE OR REPLACE TEMP VIEW v AS SELECT 7 AS a").unwrap();
    assert_eq!(row(&session, "SELECT * FROM global_temp.g"), "7");
    session.execute("DROP TABLE t; CREATE OR REPLACE TEMP VIEW v AS SELECT 1 AS b").unwrap();
    let error = session.sql("SELECT * FROM global_temp.g").unwrap_err();
    assert!(error.message().starts_with("in view `g`: "), "{}", error.message());
}

#[test]
fn unqualified_names_stay_in_the_schema_that_the_view_was_created_in() {
    let (_root, session) = session();
    session
        .execute("CREATE DATABASE other; CREATE TABLE t AS SELECT 1 AS a; CREATE TABLE other.t AS SELECT 2 AS a")
        .unwrap();
    session.execute("CREATE TEMP VIEW v AS SELECT a FROM t; USE other").unwrap();
    assert_eq!(row(&session, "SELECT v.a, t.a FROM v, t"), "1|2");
}

#[test]
fn a_view_of_a_variable_keeps_its_frame() {
    let (_root, session) = session();
    let frame = |id: i32| df!("Id" => [id]).unwrap().lazy();
    session.bind_frame("orders", frame(1));
    session.execute("CREATE TEMP VIEW v AS SELECT * FROM orders").unwrap();
    session.create_or_replace_temp_view("w", frame(1)).unwrap();
    session.bind_frame("orders", frame(2));
    assert_eq!(row(&session, "SELECT v.id, w.id, orders.id FROM v, w, orders"), "1|1|2");
    session.unbind_frame("orders");
    assert_eq!(row(&session, "SELECT Id FROM v"), "1");
    assert_eq!(columns(&session, "SELECT * FROM v"), ["Id"]);
}

#[test]
fn a_view_that_leads_back_to_itself_is_refused_and_the_old_one_stays() {
    let (_root, session) = session();
    session.execute("CREATE TEMP VIEW a AS SELECT 1 AS id; CREATE TEMP VIEW b AS SELECT * FROM a").unwrap();
    for sql in ["CREATE OR REPLACE TEMP VIEW a AS SELECT * FROM a", "CREATE OR REPLACE TEMP VIEW a AS SELECT * FROM b"]
    {
        let error = session.execute(sql).expect_err(sql);
        assert_eq!(error.condition().map(|condition| condition.name), Some("RECURSIVE_VIEW"), "{sql}");
        assert_eq!(row(&session, "SELECT * FROM b"), "1", "{sql}");
    }
    // Of columns that are not there, nothing is left either.
    assert_eq!(session.execute("CREATE TEMP VIEW c AS SELECT nowhere FROM a").unwrap_err().ename(), "COLUMN_NOT_FOUND");
    assert_eq!(session.sql("SELECT * FROM c").unwrap_err().ename(), "TABLE_NOT_FOUND");
    assert_eq!(rows(&session, "SHOW VIEWS"), ["|a|true", "|b|true"]);
}

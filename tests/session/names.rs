//! What a name stands for.

use aerostat_metastore::{NewView, OnExists, TableName, View};
use aerostat_session::{Origin, Relation, join_name, split_name};

use super::*;

#[test]
fn names_split_at_dots_outside_of_back_quotes() {
    assert_eq!(split_name("orders").unwrap(), ["orders"]);
    assert_eq!(split_name(" shop . orders ").unwrap(), ["shop", "orders"]);
    assert_eq!(split_name("`my shop`.`a.b`").unwrap(), ["my shop", "a.b"]);
    assert_eq!(split_name("spark_catalog.shop.`tick``s`").unwrap(), ["spark_catalog", "shop", "tick`s"]);
    assert_eq!(join_name(&["shop", "tick`s", "2024", "größe"]), "shop.`tick``s`.`2024`.größe");
    for wrong in ["", "a..b", "`a", "`a`b", "a."] {
        assert_eq!(split_name(wrong).unwrap_err().ename(), "SYNTAX_ERROR", "{wrong}");
    }
}

#[test]
fn temporary_views_hide_tables_and_case_does_not_count() {
    let (_folder, session) = session();
    session.write(orders()).save_as_table("Orders").unwrap();
    assert_eq!(rows(&session, "ORDERS").height(), 3);
    session.create_or_replace_temp_view("oRDERS", orders().limit(1)).unwrap();
    assert_eq!(rows(&session, "orders").height(), 1);
    assert_eq!(rows(&session, "default.orders").height(), 3);
    assert_eq!(rows(&session, "spark_catalog.default.orders").height(), 3);
    assert!(session.drop_temp_view("Orders").unwrap());
    assert!(!session.drop_temp_view("Orders").unwrap());
    assert_eq!(rows(&session, "orders").height(), 3);
}

#[test]
fn a_variable_is_found_and_an_ambiguous_one_is_refused() {
    let (_folder, session) = session();
    session.bind_frame("Orders", orders().limit(2));
    match session.resolve(&["orders".into()]).unwrap() {
        Relation::Frame { name, origin, .. } => assert_eq!((name.as_str(), origin), ("Orders", Origin::Variable)),
        _ => panic!("it is a variable"),
    }
    session.write(orders()).save_as_table("orders").unwrap();
    let error = fails(
        session.resolve(&["orders".into()]),
        "AMBIGUOUS_TABLE",
        "`orders` is both a variable of the notebook and the table `default.orders`",
    );
    assert_eq!(error.hint().unwrap(), "write `default.orders` for the table, or rename the variable");
    assert_eq!(rows(&session, "orders").height(), 3, "a table is asked for");
    assert_eq!(rows(&session, "default.orders").height(), 3);
    session.use_schema("shop").unwrap();
    assert_eq!(rows(&session, "orders").height(), 2, "no table of the current schema has this name");
    session.create_or_replace_temp_view("orders", orders()).unwrap();
    let message = "`orders` is both a variable of the notebook and the temporary view";
    fails(session.resolve(&["orders".into()]), "AMBIGUOUS_TABLE", message);
    assert_eq!(rows(&session, "orders").height(), 3, "a temporary view is asked for");
    session.unbind_frame("Orders");
    assert!(matches!(meant(&session, "orders"), Relation::Frame { origin: Origin::TempView, .. }));
}

/// What a query means by a name.
fn meant(session: &Session, name: &str) -> Relation {
    session.resolve(&[name.into()]).unwrap()
}

#[test]
fn a_variable_that_is_the_table_hides_nothing() {
    let (_folder, session) = session();
    session.write(orders()).save_as_table("orders").unwrap();
    let mut table = session.table("orders").unwrap();
    session.bind_frame("orders", table.clone());
    assert!(matches!(meant(&session, "orders"), Relation::Table(_)));
    table.collect_schema().unwrap();
    session.bind_frame("orders", table.clone());
    session.write(orders()).mode("append").save_as_table("orders").unwrap();
    assert!(matches!(meant(&session, "orders"), Relation::Table(_)), "whatever became of the table");
    assert_eq!(rows(&session, "orders").height(), 6);
    session.bind_frame("orders", table.clone().limit(1));
    fails(
        session.resolve(&["orders".into()]),
        "AMBIGUOUS_TABLE",
        "`orders` is both a variable of the notebook and the table `default.orders`",
    );
    session.create_or_replace_temp_view("orders", table.clone()).unwrap();
    session.bind_frame("orders", table);
    assert!(matches!(meant(&session, "orders"), Relation::Frame { origin: Origin::TempView, .. }));
}

#[test]
fn case_counts_between_variables() {
    let (_folder, session) = session();
    session.bind_frame("t", orders().limit(1));
    session.bind_frame("T", orders().limit(2));
    session.bind_frame("Total", orders());
    assert_eq!(["t", "T", "total"].map(|name| rows(&session, name).height()), [1, 2, 3]);
    session.unbind_frame("T");
    assert_eq!(["t", "T"].map(|name| rows(&session, name).height()), [1, 1]);
    session.bind_frame("TOTAL", orders());
    let message = "`total` could be any of the variables `TOTAL`, `Total`";
    fails(session.table("total"), "AMBIGUOUS_TABLE", message);
    session.unbind_frame("total");
    fails(session.table("total"), "AMBIGUOUS_TABLE", message);
    session.write(orders()).save_as_table("total").unwrap();
    assert_eq!(rows(&session, "total").height(), 3, "a table is asked for");
}

#[test]
fn what_is_not_there_names_the_nearest() {
    let (_folder, session) = session();
    session.write(orders()).save_as_table("shop.orders").unwrap();
    session.bind_frame("customers", orders());
    let error = fails(session.table("shop.ordres"), "TABLE_NOT_FOUND", "table `shop.ordres` does not exist");
    assert_eq!(error.hint().unwrap(), "did you mean `shop.orders`?");
    let error = session.table("customer").err().unwrap();
    assert_eq!((error.ename().as_str(), error.hint()), ("TABLE_NOT_FOUND", Some("did you mean `customers`?")));
    let error = session.table("shopp.orders").err().unwrap();
    assert_eq!(error.ename(), "SCHEMA_NOT_FOUND");
    assert_eq!(session.use_schema("shopp").err().unwrap().hint(), Some("did you mean `shop`?"));
    assert_eq!(session.current_schema(), "default");
}

#[test]
fn a_path_with_a_format_is_a_relation() {
    let (folder, session) = session();
    let path = folder.path().join("files").display().to_string();
    session.write(orders()).parquet(&path).unwrap();
    assert_eq!(rows(&session, &format!("parquet.`{path}`")).height(), 3);
    session.write(orders()).save_as_table("t").unwrap();
    let location = session.metastore().table(&TableName::new("default", "t")).unwrap().location.unwrap();
    assert_eq!(rows(&session, &format!("delta.`{}`", location.display())).height(), 3);
}

#[test]
fn views_are_left_to_the_engine() {
    let (_folder, session) = session();
    let view = View { text: "SELECT 1".into(), current_schema: "default".into(), columns: vec![] };
    let name = TableName::new("shop", "one");
    let new = NewView { name, view, comment: None, properties: Default::default() };
    session.metastore().create_view(new, OnExists::Error).unwrap();
    assert!(matches!(session.resolve(&["shop".into(), "ONE".into()]).unwrap(), Relation::View(_)));
    fails(session.table("shop.one"), "NOT_SUPPORTED", "no SQL here: SELECT * FROM shop.one");
}

#[test]
fn listings_have_the_columns_of_spark() {
    let (_folder, session) = session();
    session.write(orders()).save_as_table("shop.orders").unwrap();
    session.create_or_replace_temp_view("recent", orders()).unwrap();
    session.use_schema("SHOP").unwrap();
    let expected =
        df!("namespace" => ["shop", ""], "tableName" => ["orders", "recent"], "isTemporary" => [false, true]);
    assert_eq!(session.tables().unwrap(), expected.unwrap());
    assert_eq!(session.databases().unwrap(), df!("namespace" => ["default", "shop"]).unwrap());
}

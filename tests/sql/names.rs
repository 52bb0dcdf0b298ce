//! Names: three levels, in any case, with back-quotes, spaces and Unicode.

use super::{columns, row, rows, session};

#[test]
fn names_are_found_in_any_case_and_shown_as_they_were_given() {
    let (_root, session) = session();
    session
        .execute(
            "CREATE DATABASE `Mein Lager`; USE `mein lager`;
             CREATE TABLE `Größe & Preis` (`Artikel Nr` INT, `Stück``zahl` INT, Ünïcode STRING);
             INSERT INTO `GRÖSSE & PREIS`.x SELECT 1",
        )
        .unwrap_err();
    session.execute("INSERT INTO `größe & preis` VALUES (1, 2, 'x')").unwrap();
    for name in [
        "`GRÖße & Preis`",
        "`Mein Lager`.`größe & preis`",
        "SPARK_CATALOG.`MEIN LAGER`.`größe & preis`",
        "spark_catalog . `mein lager` . `größe & preis`",
    ] {
        assert_eq!(
            row(&session, &format!("SELECT `ARTIKEL NR`, `stück``zahl`, ünÏcode FROM {name}")),
            "1|2|x",
            "{name}"
        );
    }
    assert_eq!(columns(&session, "SELECT * FROM `größe & preis`"), ["Artikel Nr", "Stück`zahl", "Ünïcode"]);
    assert_eq!(rows(&session, "SHOW TABLES IN `mein lager`"), ["Mein Lager|Größe & Preis|false"]);
    session.execute("ALTER TABLE `größe & preis` RENAME TO default.`a.b`").unwrap();
    assert_eq!(row(&session, "SELECT count(*) FROM default.`A.B`"), "1");
    session.execute("USE SPARK_CATALOG.default; DROP TABLE `a.b`; DROP DATABASE `MEIN lager`").unwrap();
}

#[test]
fn wrong_names_say_where_and_what_was_meant() {
    let (_root, session) = session();
    session.execute("CREATE DATABASE retail; CREATE TABLE retail.orders (id INT)").unwrap();
    let shown = |sql: &str| session.execute(sql).unwrap_err().render(sql);
    assert_eq!(
        shown("SELECT *\nFROM retail.ordres"),
        "[TABLE_NOT_FOUND] table `retail.ordres` does not exist\n  2 | FROM retail.ordres\n           ^^^^^^^^^^^^^\nhint: did you mean `retail.orders`?"
    );
    assert!(shown("SELECT * FROM retial.orders").contains("did you mean `retail`?"));
    assert!(shown("SELECT * FROM hive.retail.orders").contains("the only catalog is `spark_catalog`"));
    assert!(shown("SELECT * FROM orders").contains("did you mean `retail.orders`?"));
    assert!(shown("USE CATALOG hive").contains("the only catalog is `spark_catalog`"));
    session.execute("USE CATALOG spark_catalog; SET CATALOG spark_catalog").unwrap();
}

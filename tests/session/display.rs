//! How frames and schemas look.

use aerostat_session::display::{frame_bundle, frame_html, frame_text, schema_tree, show_text, table_html, table_rows};
use aerostat_session::types::parse_schema;

use super::*;

#[test]
fn show_looks_like_sparks() {
    let frame = df!(
        "id" => [1i64, 22], "name" => [Some("a text that is longer than twenty"), None], "x" => [1.0, 12345678.9], "ok" => [true, false]
    );
    let frame = frame.unwrap();
    let expected = "\
+---+--------------------+-----------+-----+
| id|                name|          x|   ok|
+---+--------------------+-----------+-----+
|  1|a text that is lo...|        1.0| true|
| 22|                NULL|1.23456789E7|false|
+---+--------------------+-----------+-----+
";
    let expected = expected
        .replace("|          x|", "|           x|")
        .replace("|        1.0|", "|         1.0|")
        .replace("+-----------+", "+------------+");
    assert_eq!(show_text(&frame, 20, true), expected);
    let expected = "\
+---+---------------------------------+---+----+
|id |name                             |x  |ok  |
+---+---------------------------------+---+----+
|1  |a text that is longer than twenty|1.0|true|
+---+---------------------------------+---+----+
only showing top 1 row
";
    assert_eq!(show_text(&frame, 1, false), expected);
    assert!(
        show_text(&df!("n" => (0..21i64).collect::<Vec<_>>()).unwrap(), 20, true)
            .ends_with("+---+\nonly showing top 20 rows\n")
    );
    assert_eq!(show_text(&frame.clear().select(["id"]).unwrap(), 20, true), "+---+\n| id|\n+---+\n+---+\n");
}

#[test]
fn numbers_and_nested_values_look_like_sparks() {
    let shown = |series: Series| {
        let text = show_text(&DataFrame::new_infer_height(vec![series.into_column()]).unwrap(), 20, false);
        text.lines()
            .skip(3)
            .take_while(|line| line.starts_with('|'))
            .map(|line| line.trim_matches('|').trim().to_owned())
            .collect::<Vec<_>>()
    };
    let doubles = [0.0, -1.5, 0.001, 0.0001, 1e7, 9999999.0, 1e100, f64::NAN, f64::INFINITY];
    let java = ["0.0", "-1.5", "0.001", "1.0E-4", "1.0E7", "9999999.0", "1.0E100", "NaN", "Infinity"];
    assert_eq!(shown(Series::new("x".into(), doubles)), java);
    assert_eq!(shown(Series::new("x".into(), [0.1f32])), ["0.1"]);
    let lists = Series::new("l".into(), [Series::new("".into(), [Some(1i32), None])]);
    assert_eq!(shown(lists), ["[1, NULL]"]);
    let pair = df!("a" => [1i32], "b" => ["x"]).unwrap().into_struct("s".into()).into_series();
    assert_eq!(shown(pair), ["{1, x}"]);
}

#[test]
fn schemas_look_like_sparks() {
    let schema = parse_schema(
        "id INT, at TIMESTAMP, price DECIMAL(10,2), tags ARRAY<STRING>, s STRUCT<a: BIGINT, b: ARRAY<DOUBLE>>",
    )
    .unwrap();
    let expected = "\
root
 |-- id: integer (nullable = true)
 |-- at: timestamp (nullable = true)
 |-- price: decimal(10,2) (nullable = true)
 |-- tags: array (nullable = true)
 |    |-- element: string (containsNull = true)
 |-- s: struct (nullable = true)
 |    |-- a: long (nullable = true)
 |    |-- b: array (nullable = true)
 |    |    |-- element: double (containsNull = true)
";
    assert_eq!(schema_tree(&schema), expected);
}

fn cells(html: &str) -> Vec<&str> {
    html.split("<td").skip(1).map(|cell| cell.split_once('>').unwrap().1.split_once("</td>").unwrap().0).collect()
}

#[test]
fn html_is_escaped() {
    let frame = df!("<b>&\"x\"" => [Some("<script>alert('1')</script>"), None]).unwrap();
    let html = frame_html(&frame);
    assert!(!html.contains("<script>") && !html.contains("<b>"), "{html}");
    assert!(html.contains("&lt;b&gt;&amp;&quot;x&quot;"), "{html}");
    assert_eq!(cells(&html), ["&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;", "null"]);
    assert!(html.contains("<td class=\"null\">null</td>"));
}

#[test]
fn html_shows_the_ends_of_long_frames_and_the_shape() {
    let frame = |n: i64| df!("n" => (0..n).collect::<Vec<_>>()).unwrap();
    assert_eq!(cells(&frame_html(&frame(30))).len(), 30);
    let html = frame_html(&frame(541_909));
    assert!(html.contains("shape: (541_909, 1)"), "{html}");
    let cells = cells(&html);
    assert_eq!((cells.len(), cells[9], cells[10], cells[11], cells[20]), (21, "9", "…", "541899", "541908"));
    assert!(html.contains("<th class=\"n\">i64</th>") && html.contains("<td class=\"n\">9</td>"));
}

#[test]
fn html_is_capped_in_width_and_in_length_of_texts() {
    let columns = (0..100).map(|n| Series::new(format!("c{n}").into(), [n]).into_column()).collect();
    let html = frame_html(&DataFrame::new(1, columns).unwrap());
    assert_eq!(cells(&html).len(), 61);
    let long = "ä".repeat(100_000);
    let html = frame_html(&df!("s" => [long.as_str()]).unwrap());
    assert_eq!(cells(&html)[0].chars().count(), 81);
    assert!(html.chars().count() < 4_000);
    assert!(html.contains(&format!("title=\"{}\"", "ä".repeat(2_000))));
}

#[test]
fn a_bundle_has_text_and_html() {
    let frame = orders().collect().unwrap();
    let bundle = frame_bundle(&frame);
    assert_eq!(bundle.0["text/plain"], frame_text(&frame));
    assert_eq!(bundle.0["text/html"], frame_html(&frame));
    assert!(frame_text(&frame).starts_with("shape: (3, 3)\n┌─────┬"), "{}", frame_text(&frame));
}

#[test]
fn a_table_to_look_around_in_has_all_rows_and_types() {
    let frame = df!("name" => [Some("<b>"), None], "x" => [1.0 / 3.0, 2.0]).unwrap();
    let html = table_html(&frame, true);
    assert!(html.contains("<small>2 rows, 2 columns</small>"), "{html}");
    assert!(
        html.contains("<th>name</th><th class=\"n\">x</th></tr><tr><th>str, 1 null</th><th class=\"n\">f64</th>"),
        "{html}"
    );
    assert_eq!(cells(&html), ["&lt;b&gt;", "0.333333", "null", "2.0"]);
    // What the text leaves out is in the title, so that nothing is lost.
    assert!(html.contains("<td class=\"n\" title=\"0.3333333333333333\">"), "{html}");
    // Neither the network nor anything that differs from run to run.
    assert!(!html.contains("http") && !html.contains(" id="), "{html}");
    assert_eq!(html, table_html(&frame, true));
}

#[test]
fn a_table_to_look_around_in_is_capped_and_says_so() {
    let frame = df!("n" => (0..1_500i64).collect::<Vec<_>>()).unwrap();
    let html = table_html(&frame, true);
    assert!(html.contains("<small>the first 1000 of 1500 rows, 1 column</small>"), "{html}");
    assert_eq!(cells(&html).len(), table_rows(1));
    assert!(
        table_html(&frame.head(Some(3)), false)
            .contains("<small>the first 3 rows, and there are more; 1 column</small>")
    );
    assert_eq!((table_rows(1), table_rows(20), table_rows(100), table_rows(1_000_000)), (1000, 1000, 200, 1));
}

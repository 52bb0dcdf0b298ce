//! Charts: what is drawn of which rows, in all three forms.

use aerostat_session::{Plot, chart_bundle};
use polars::prelude::*;

use super::*;

/// A chart's forms.
struct Drawn {
    vega: serde_json::Value,
    svg: String,
    text: String,
}

#[track_caller]
fn drawn(frame: &DataFrame, draw: impl FnOnce(Plot) -> Result<aerostat_charts::Chart>) -> Drawn {
    let (_folder, session) = session();
    let bundle = chart_bundle(&draw(session.plot(frame.clone().lazy())).unwrap()).0;
    let text = |mime: &str| bundle[mime].as_str().unwrap().to_owned();
    assert_eq!(bundle.len(), 3);
    let svg = text("image/svg+xml");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    Drawn { vega: bundle["application/vnd.vegalite.v5+json"].clone(), svg, text: text("text/plain") }
}

impl Drawn {
    /// The values of a field of the data, `null` as `None`.
    fn numbers(&self, field: &str) -> Vec<Option<f64>> {
        self.rows().iter().map(|row| row[field].as_f64()).collect()
    }

    fn texts(&self, field: &str) -> Vec<&str> {
        self.rows().iter().map(|row| row[field].as_str().unwrap()).collect()
    }

    fn rows(&self) -> &[serde_json::Value] {
        self.vega["data"]["values"].as_array().unwrap()
    }

    /// How many elements of a name the picture has.
    fn elements(&self, name: &str) -> usize {
        self.svg.matches(&format!("<{name} ")).count()
    }
}

#[track_caller]
fn refused(frame: &DataFrame, draw: impl FnOnce(Plot) -> Result<aerostat_charts::Chart>, ename: &str, message: &str) {
    let (_folder, session) = session();
    fails(draw(session.plot(frame.clone().lazy())), ename, message);
}

fn months() -> DataFrame {
    df!(
        "month" => ["Jan", "Feb", "Mar", "Apr"],
        "placed" => [10i64, 20, 30, 40],
        "cancelled" => [Some(1.5), None, Some(3.0), Some(-4.0)]
    )
    .unwrap()
}

#[test]
fn lines_break_at_nulls() {
    let chart = drawn(&months(), |plot| plot.title("Orders").line("month", ["placed", "cancelled"]));
    assert_eq!(chart.vega["mark"]["type"], "line");
    assert_eq!(chart.vega["title"], serde_json::json!({ "text": "Orders" }));
    assert_eq!(chart.vega["encoding"]["x"]["sort"], serde_json::json!(["Jan", "Feb", "Mar", "Apr"]));
    assert_eq!(chart.numbers("y")[4..], [Some(1.5), None, Some(3.0), Some(-4.0)]);
    assert_eq!(chart.texts("series")[3..5], ["placed", "cancelled"]);
    // One line through four points, one through two after a gap, and a dot before it.
    assert_eq!(chart.elements("polyline"), 3);
    assert_eq!(chart.elements("circle"), 7);
    assert_eq!(
        chart.text,
        "Orders\nLine chart of placed, cancelled by month\n4 categories: Jan to Apr\n\
         placed: 4 values, 10 to 40\ncancelled: 3 values, -4 to 3"
    );
}

#[test]
fn bars_stand_side_by_side_or_on_each_other() {
    let bars = |stacked| drawn(&months(), |plot| plot.stacked(stacked).bar("month", ["placed", "cancelled"]));
    let (beside, stacked) = (bars(false), bars(true));
    assert_eq!(beside.vega["encoding"]["xOffset"]["field"], "series");
    assert_eq!(beside.vega["encoding"]["y"]["stack"], serde_json::Value::Null);
    assert!(stacked.vega["encoding"].get("xOffset").is_none());
    assert_eq!(stacked.vega["encoding"]["y"]["stack"], "zero");
    // Page and two squares of the legend; a null has no bar.
    assert_eq!((beside.elements("rect"), stacked.elements("rect")), (3 + 7, 3 + 7));
    assert_eq!(beside.vega["encoding"]["y"]["scale"]["domain"], serde_json::json!([-10.0, 40.0]));
}

#[test]
fn values_of_one_category_are_added_up_and_the_chart_says_so() {
    let frame = df!("country" => ["A", "B", "A", "A"], "sold" => [Some(1i32), None, Some(2), Some(4)]).unwrap();
    let chart = drawn(&frame, |plot| plot.barh("country", ["sold"]));
    assert_eq!(chart.texts("x"), ["A", "B"]);
    assert_eq!(chart.numbers("y"), [Some(7.0), None]);
    assert_eq!(chart.vega["encoding"]["y"]["field"], "x");
    assert_eq!(chart.vega["title"]["text"], "sums of 4 rows");
    assert!(chart.svg.contains("sums of 4 rows") && chart.text.ends_with("(sums of 4 rows)"), "{}", chart.text);
    let alone = drawn(&months(), |plot| plot.bar("month", ["placed"]));
    assert!(alone.vega.get("title").is_none() && !alone.text.contains('('));
    assert_eq!(alone.elements("rect"), 1 + 4);
}

#[test]
fn one_series_for_each_value_of_a_column() {
    let frame = df!("day" => [2i32, 1, 1, 2], "shop" => ["x", "x", "y", "y"], "n" => [1.0, 2.0, 3.0, 4.0]).unwrap();
    let chart = drawn(&frame, |plot| plot.color("shop").line("day", ["n"]));
    assert_eq!(chart.vega["encoding"]["color"]["title"], "shop");
    assert_eq!(chart.vega["encoding"]["color"]["scale"]["domain"], serde_json::json!(["x", "y"]));
    // Numbers of the x axis are in order.
    assert_eq!(chart.numbers("x"), [1.0, 2.0, 1.0, 2.0].map(Some));
    assert_eq!(chart.numbers("y"), [2.0, 1.0, 3.0, 4.0].map(Some));
}

#[test]
fn no_more_series_than_colours() {
    let names: Vec<String> = (0..20).map(|n| format!("s{n}")).collect();
    let frame = df!("x" => vec![1i32; 20], "s" => names, "y" => (0..20).collect::<Vec<i32>>()).unwrap();
    let chart = drawn(&frame, |plot| plot.color("s").scatter("x", ["y"]));
    let kept: Vec<String> = (12..20).map(|n| format!("s{n}")).collect();
    assert_eq!(chart.texts("series"), kept);
    assert!(chart.text.ends_with("(the 8 largest of 20 series)"), "{}", chart.text);
    let pie = drawn(&frame, |plot| plot.pie("s", "y"));
    // 0 has no slice; seven slices have a colour, the other twelve share one: 1 + .. + 12.
    assert_eq!(pie.rows().len(), 8);
    assert_eq!((pie.rows()[7]["series"].as_str(), pie.rows()[7]["y"].as_f64()), (Some("12 others"), Some(78.0)));
    assert_eq!(pie.rows()[7]["percent"], "41.1 %");
}

#[test]
fn times_are_milliseconds_and_have_round_ticks() {
    let days = df!("n" => [0i32, 31, 59, 364], "y" => [1.0, 2.0, 3.0, 4.0]).unwrap().lazy();
    let frame = days.select([(lit(14610) + col("n")).cast(DataType::Date).alias("day"), col("y")]).collect().unwrap();
    let chart = drawn(&frame, |plot| plot.area("day", ["y"]));
    // 14,610 days after 1 January 1970 is 1 January 2010.
    assert_eq!(chart.numbers("x")[..2], [1_262_304_000_000.0, 1_264_982_400_000.0].map(Some));
    assert_eq!(chart.vega["encoding"]["x"]["scale"]["type"], "utc");
    for label in ["Jan 2010", "Jul 2010"] {
        assert!(chart.svg.contains(label), "{}", chart.svg);
    }
    assert!(chart.text.contains("2010-01-01 to 2010-12-31"), "{}", chart.text);
}

#[test]
fn long_lines_keep_their_outline() {
    let rows = 1_000_000;
    let mut values: Vec<f64> = (0..rows).map(|n| f64::from(n % 100)).collect();
    (values[123_456], values[654_321]) = (-777.0, 999.0);
    let frame = df!("n" => (0..rows).collect::<Vec<i32>>(), "v" => values).unwrap();
    let chart = drawn(&frame, |plot| plot.line("n", ["v"]));
    assert!((1_900..=2_000).contains(&chart.rows().len()), "{}", chart.rows().len());
    for (x, y) in [(123_456.0, -777.0), (654_321.0, 999.0)] {
        assert!(chart.rows().iter().any(|row| row["x"].as_f64() == Some(x) && row["y"].as_f64() == Some(y)));
    }
    assert_eq!(chart.vega["title"]["text"], "the smallest and largest of every 1,000 rows");
}

#[test]
fn many_dots_are_sampled_evenly() {
    let frame = df!("x" => (0..100_000).collect::<Vec<i32>>(), "y" => (0..100_000).collect::<Vec<i32>>()).unwrap();
    let chart = drawn(&frame, |plot| plot.scatter("x", ["y"]));
    assert_eq!(chart.rows().len(), 4_000);
    assert_eq!(chart.numbers("x")[..3], [0.0, 25.0, 50.0].map(Some));
    assert!(chart.text.ends_with("(4,000 of 100,000 rows, one in 25)"), "{}", chart.text);
}

#[test]
fn a_histogram_counts_every_value_once() {
    let values: Vec<Option<f64>> = (0..1000).map(|n| (n % 10 != 9).then_some(f64::from(n) / 100.0)).collect();
    let frame = df!("v" => values).unwrap();
    let chart = drawn(&frame, |plot| plot.bins(10).hist(["v"]));
    assert_eq!((chart.numbers("x")[0], chart.numbers("x2")[0]), (Some(0.0), Some(1.0)));
    assert_eq!(chart.numbers("y"), [Some(90.0); 10]);
    assert!(chart.text.contains("10 bins of 1, 0 to 10") && chart.text.contains("(100 rows without a value left out)"));
    let one = drawn(&df!("v" => [5i64]).unwrap(), |plot| plot.hist(["v"]));
    assert_eq!(one.numbers("y"), [Some(1.0)]);
}

#[test]
fn a_box_plot_has_the_quartiles_and_what_lies_outside() {
    let values: Vec<i32> = (1..=9).chain([100]).collect();
    let frame = df!("v" => values, "kind" => vec!["k"; 10]).unwrap();
    let chart = drawn(&frame, |plot| plot.color("kind").box_plot(["v"]));
    let [row] = chart.rows() else { panic!("{:?}", chart.rows()) };
    // As numpy's linear interpolation of 1..9 and 100.
    for (field, value) in [("low", 3.25), ("median", 5.5), ("high", 7.75), ("least", 1.0), ("most", 9.0)] {
        assert_eq!(row[field].as_f64(), Some(value), "{field}");
    }
    assert_eq!(chart.vega["layer"][3]["data"]["values"], serde_json::json!([{ "x": "k", "y": 100.0 }]));
    assert!(chart.text.ends_with("k: 1 | 3.25 | 5.5 | 7.75 | 9"), "{}", chart.text);
}

#[test]
fn texts_are_escaped_and_long_ones_cut_in_the_picture() {
    let long = "a label that goes on and on, far longer than anybody would like to read on an axis";
    let frame = df!("<x>" => ["<script>\"&'", long], "y" => [1, 2]).unwrap();
    let chart = drawn(&frame, |plot| plot.title("<b>").size(300, 200).barh("<x>", ["y"]));
    assert!(!chart.svg.contains("<script>") && !chart.svg.contains("<b>"), "{}", chart.svg);
    assert!(chart.svg.contains("&lt;script&gt;&quot;&amp;&apos;") && chart.svg.contains('…'), "{}", chart.svg);
    assert_eq!(chart.texts("x")[1], long);
    assert!(chart.svg.starts_with("<svg width=\"300\" height=\"200\""));
}

#[test]
fn empty_frames_and_missing_values_are_drawn() {
    let empty = months().clear();
    for kind in aerostat_charts::Kind::ALL {
        for frame in [&empty, &df!("month" => ["a", "b"], "placed" => [None::<f64>, Some(f64::NAN)]).unwrap()] {
            drawn(frame, |plot| plot.draw(kind, (!kind.is_distribution()).then_some("month"), ["placed"]));
        }
    }
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let frame = months();
    refused(&frame, |plot| plot.line("mont", ["placed"]), "COLUMN_NOT_FOUND", "column `mont` does not exist");
    refused(
        &frame,
        |plot| plot.color("kind").bar("month", ["placed"]),
        "COLUMN_NOT_FOUND",
        "column `kind` does not exist",
    );
    let message = "`line` draws numbers, but column `month` is of type str";
    refused(&frame, |plot| plot.line("placed", ["month"]), "INVALID_ARGUMENT", message);
    let message = "colour by `month` goes with one column of values, but here are 2";
    refused(&frame, |plot| plot.color("month").bar("month", ["placed", "cancelled"]), "INVALID_ARGUMENT", message);
    let message = "a chart of 20 by 400 pixels cannot be drawn";
    refused(&frame, |plot| plot.size(20, 400).bar("month", ["placed"]), "INVALID_ARGUMENT", message);
    let message = "a pie cannot show the negative value -4 of `Apr`";
    refused(&frame, |plot| plot.pie("month", "cancelled"), "INVALID_ARGUMENT", message);
    let message = "a histogram has from 1 to 500 bins, not 0";
    refused(&frame, |plot| plot.bins(0).hist(["placed"]), "INVALID_ARGUMENT", message);
    refused(&frame, |plot| plot.line("month", [""; 0]), "INVALID_ARGUMENT", "`line` needs a column of values");
}

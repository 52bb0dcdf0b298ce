//! Format strings: what `format!` of the cell writes is what `format!` of this file writes.

use super::Cells;

/// Each format string, with its arguments, is used both ways.
macro_rules! same {
    ($cells:ident, $($format:literal $(, $arg:expr)*;)*) => { $(
        let code = concat!("println!(", stringify!($format), $(", ", stringify!($arg),)* ")");
        assert_eq!($cells.printed(code), format!($format $(, $arg)*) + "\n", "{code}");
    )* };
}

#[test]
fn numbers() {
    let mut cells = Cells::new();
    same! { cells,
        "{:5}|{:<5}|{:^5}|{:>5}|{:05}|{:+}|{:+05}", 42, 42, 42, 42, 42, 42, 42;
        "{:*<6}|{:_^7}|{:#>4}", -7, 1.5, 3;
        "{:x} {:X} {:o} {:b} {:#x} {:#b} {:#o} {:#010x} {:08b}", 255, 255, 8, 5, 255, 5, 8, 255, 5;
        "{:x} {:b} {:#x}", -1_i8, -2_i8, -255_i32;
        "{:e} {:E} {:.2e} {:e} {:e}", 1500.0, 0.00015, 123456.0, 1500, 0;
        "{} {} {} {}", 1.0, 1e21, 1e-7, 0.1 + 0.2;
        "{:?} {:?} {:?} {:?}", 1.0, 1e21, 1e-7, f64::NAN;
        "{:.0} {:.1} {:.3} {:8.2}|{:<8.2}|{:+.1} {:08.2}", 2.5, 0.25, 2.0, 3.15159, 3.15159, 2.0, -3.15159;
        "{} {} {:5}|{:<5}|{:05} {:+}", f64::INFINITY, -f64::INFINITY, f64::NAN, f64::NAN, f64::INFINITY, f64::INFINITY;
        "{:?} {:.1?} {:6.1?}|", 0.1_f32, 2.55_f32, 1.25;
        "{} {:?} {:+}", -0.0, -0.0, 0.0;
        "{:5?}|{:05?}|{:x?}|{:#x?}", 42, 42, 255, 255;
        "{:1$} {:.*}", 3, 4, 2.5;
    }
}

#[test]
fn texts_and_collections() {
    let mut cells = Cells::new();
    same! { cells,
        "{:6}|{:>6}|{:^6}|{:.2}|{:-^9.3}|", "ab", "ab", "ab", "abc", "abcdef";
        "{:?} {:?} {:?} {:10?}|", "a\"b\n", 'x', '\'', "ab";
        "{:4}|{:>4}|{:?}|{:6}|", 'x', 'é', 'é', true;
        "{:?} {:?} {:?}", vec![1, 2], (1, "a", 2.5), [Some(1), None];
        "{:#?}", vec![(1, "a"), (2, "b")];
        "{:#?} {:#?}", Some(Some(1)), ();
        "{:?} {:#?}", Vec::<i32>::new(), Vec::<i32>::new();
        "{:.1?} {:4?} {:02x?}", vec![1.25, 2.0], vec![1, 20], [10, 255];
        "{:?}", std::collections::BTreeMap::from([(1, "a"), (2, "b")]);
        "{:#?}", std::collections::BTreeMap::from([("k", vec![1, 2])]);
        "{:?}", std::collections::BTreeSet::from([3, 1, 2]);
        "{0} {1} {0} {{}}", 1, "x";
        "{:>1$.2}|{:<1$}|", 3.15159, 8;
        "{:?} {:?}", 1..4, "é".chars().rev().collect::<String>();
    }
    assert_eq!(cells.printed("println!(\"{:>w$.p$} {a}\", 3.14159, w = 6, p = 2, a = 'x')"), "  3.14 x\n");
    assert_eq!(
        cells.printed(
            "let name = \"n\"; let width = 6; let digits = 1; println!(\"{name:>width$}|{name:?}|{0:.digits$}\", 2.25)"
        ),
        "     n|\"n\"|2.2\n"
    );
}

#[test]
fn what_cannot_be_written_is_refused() {
    let mut cells = Cells::new();
    for (code, message) in [
        ("println!(\"{}\", Some(1))", "cannot be written with `{}`"),
        ("println!(\"{:b}\", 1.5)", "cannot be written with `{:b}`"),
        ("println!(\"{:99999}\", 1)", "too large"),
        ("let w = 70_000; println!(\"{:w$}\", 1)", "at most 65535"),
        ("println!(\"{:y}\", 1)", "unknown format `y`"),
        ("println!(\"{\", 1)", "unmatched `{`"),
        ("println!(\"{}\")", "argument 1 is missing"),
        ("println!(\"x\", 1)", "argument never used"),
    ] {
        let error = cells.fail(code);
        assert!(error.contains(message), "{code}\n{error}");
    }
}

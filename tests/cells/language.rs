//! Rust's expressions, with Rust's meaning. What each case gives was seen with rustc.

use super::{Cells, check};

#[test]
fn arithmetic_and_comparison() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("7 / 2", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 3", "-1"),
        ("7.0 / 2.0", "3.5"),
        ("1e3", "1000.0"),
        ("0xff_u8", "255"),
        ("1_000_000", "1000000"),
        ("2_i64.pow(40)", "1099511627776"),
        ("!true || 1 < 2 && 2 <= 2", "true"),
        ("(5 & 3) + (5 | 3) + (5 ^ 3)", "14"),
        ("1 << 4", "16"),
        ("\"a\" < \"b\"", "true"),
        ("'z' > 'a'", "true"),
        ("(1, \"x\") == (1, \"x\")", "true"),
        ("300 as u8", "44"),
        ("-1.9 as i32", "-1"),
        ("65 as u8 as char", "'A'"),
        ("1e20 as i32", "2147483647"),
        ("5_f64.sqrt() * 5_f64.sqrt() - 5.0 < 1e-12", "true"),
        ("3_000_000_000", "3000000000"),
    ]);
}

#[test]
fn variables_blocks_and_shadowing() {
    let mut cells = Cells::new();
    assert_eq!(cells.run("let x = 5; let y = { let x = x * 2; x + 1 }; (x, y)"), "(5, 11)");
    assert_eq!(cells.run("x"), "5", "a variable lives on in the next cell");
    assert_eq!(cells.run("let x = \"text\"; x"), "\"text\"", "and can be shadowed by another type");
    assert_eq!(cells.run("let (a, mut b) = (1, 2); b += a; b"), "3");
    assert_eq!(cells.run("b *= 10; b"), "30");
    assert_eq!(cells.run("let a = 1;"), "", "a statement has no result");
    assert_eq!(cells.run("const LIMIT: i64 = 10; LIMIT + 1"), "11");
    assert_eq!(cells.run("let z: f64; z = 1.5; z"), "1.5");
}

#[test]
fn control_flow() {
    check(&[
        ("if 1 > 2 { \"yes\" } else { \"no\" }", "\"no\""),
        ("let mut n = 0; for i in 1..=10 { if i % 2 == 0 { continue; } n += i; } n", "25"),
        ("let mut n = 1; while n < 100 { n *= 3; } n", "243"),
        ("let mut n = 0; let r = loop { n += 1; if n == 7 { break n * 2; } }; r", "14"),
        ("let mut s = 0; for (i, x) in [10, 20, 30].iter().enumerate() { s += x * (i as i32); } s", "80"),
        ("match 3 { 1 => \"one\", 2 | 3 => \"few\", _ => \"many\" }", "\"few\""),
        ("match 42 { n if n < 10 => 0, 10..=50 => 1, _ => 2 }", "1"),
        ("match Some(5) { Some(n) => n + 1, None => 0 }", "6"),
        ("if let Some(n) = [1, 2].get(1) { *n } else { 0 }", "2"),
        ("let Some(n) = Some(3) else { panic!(\"none\") }; n", "3"),
        ("match \"3x\".parse::<i32>() { Ok(n) => n, Err(_) => -1 }", "-1"),
        ("let mut out = vec![]; for c in \"abc\".chars() { out.push(c); } out", "['a', 'b', 'c']"),
    ]);
}

#[test]
fn strings_vectors_and_options() {
    check(&[
        ("\"a,b\".split(\",\").collect::<Vec<_>>()", "[\"a\", \"b\"]"),
        ("\" x \".trim().to_uppercase()", "\"X\""),
        ("\"naïve\".len()", "6"),
        ("\"naïve\".chars().count()", "5"),
        ("vec![3, 1, 2].len()", "3"),
        ("let mut v = vec![3, 1, 2]; v.sort(); v", "[1, 2, 3]"),
        ("let mut v = Vec::new(); v.push(1.5); v.extend(vec![2.5]); v", "[1.5, 2.5]"),
        ("[1, 2, 3][1]", "2"),
        ("[1, 2, 3, 4][1..3]", "[2, 3]"),
        ("[0; 3]", "[0, 0, 0]"),
        ("vec![1, 2, 3].iter().sum::<i32>()", "6"),
        ("[2, 9, 4].iter().max().unwrap()", "9"),
        ("(0..3).rev().collect::<Vec<_>>()", "[2, 1, 0]"),
        ("[\"a\", \"b\"].join(\"-\")", "\"a-b\""),
        ("Some(3).unwrap_or(0)", "3"),
        ("let n: Option<i64> = None; n.unwrap_or(7)", "7"),
        ("\"12\".parse::<i64>()? + 1", "13"),
        ("std::env::var(\"AEROSTAT_NO_SUCH_VARIABLE\").unwrap_or(\"default\".to_string())", "\"default\""),
        ("[1, 2].iter().zip([\"a\", \"b\"]).collect::<Vec<_>>()", "[(1, \"a\"), (2, \"b\")]"),
        ("(1, 2.5, \"x\").2", "\"x\""),
        ("i64::MAX", "9223372036854775807"),
    ]);
}

#[test]
fn formatting() {
    let mut cells = Cells::new();
    let cases = [
        ("println!(\"{} {:?}\", \"a\", \"a\")", "a \"a\"\n"),
        ("println!(\"{:>6}|{:<6}|{:^6}|\", 42, \"ab\", 'c')", "    42|ab    |  c   |\n"),
        ("println!(\"{:.2} {:8.3} {:+} {:05}\", 3.14159, 2.5, 7, 42)", "3.14    2.500 +7 00042\n"),
        ("let name = \"x\"; let w = 5; println!(\"{name:>w$}|{0}{0}\", 1)", "    x|11\n"),
        ("println!(\"{:*^9} {:#x} {:b} {:e}\", \"mid\", 255, 5, 1500.0)", "***mid*** 0xff 101 1.5e3\n"),
        ("println!(\"{{}} {}\", 1.0)", "{} 1\n"),
        ("println!(\"{:?} {:?}\", vec![Some(1), None], (1.0, 'x'))", "[Some(1), None] (1.0, 'x')\n"),
        ("println!(\"{value:.*}\", 1, value = 2.55)", "2.5\n"),
        ("print!(\"a\"); print!(\"b\"); println!()", "ab\n"),
        ("eprintln!(\"careful\")", "stderr: careful\n"),
        ("let s = format!(\"{}-{}\", 1, 2); println!(\"{s}\")", "1-2\n"),
        ("println!(\"{:?}\", f64::NAN)", "NaN\n"),
        ("display(3)", "display: 3\n"),
    ];
    for (code, expected) in cases {
        assert_eq!(cells.printed(code), expected, "{code}");
    }
}

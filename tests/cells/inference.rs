//! Types that later uses decide, integers and floats, patterns. What each case gives was seen with rustc.

use super::{Cells, check};

#[test]
fn literals_take_the_type_of_what_they_meet() {
    check(&[
        ("let mut n = 0; for i in 0..70_000 { n += i * i; } let wide: u64 = n; wide", "114330883345000"),
        ("let mut v = Vec::new(); v.push(1); let first: u8 = v[0]; first.wrapping_sub(2)", "255"),
        ("let x = 3_000_000_000_u32; x.wrapping_mul(2)", "1705032704"),
        ("let a = 7; let b: f64 = (a as f64) / 2.0; b", "3.5"),
        ("let x: f32 = 0.1; x + 0.2", "0.3"),
        ("let x = 0.1; x + 0.2", "0.30000000000000004"),
        ("let n = None; let m = n.or(Some(5_i64)); m", "Some(5)"),
        ("let d: Vec<i64> = Default::default(); d.len()", "0"),
        ("let n: i64 = \"12\".parse().unwrap(); n", "12"),
        ("let total: f64 = vec![1.0, 2.0].iter().sum(); total", "3.0"),
        ("let v: Vec<u8> = (250..=255).collect(); v.len()", "6"),
        ("let x = if true { None } else { Some(1_u16) }; x.unwrap_or(3)", "3"),
        ("[1, 2, 3].iter().map(|x| *x as u8).max().unwrap()", "3"),
        ("(i64::from(3_i32), f64::from(2_u8), u32::from('a'))", "(3, 2.0, 97)"),
    ]);
}

#[test]
fn numbers_are_those_of_rust() {
    check(&[
        ("(-7_i32).rem_euclid(3)", "2"),
        ("7_i32.pow(2) + (-8_i32).abs()", "57"),
        ("200_u8.checked_add(100)", "None"),
        ("200_u8.saturating_add(100)", "255"),
        ("200_u8.wrapping_add(100)", "44"),
        ("1_u8 << 7", "128"),
        ("-16 >> 2", "-4"),
        ("0b1011_u8.count_ones() + 8_u32.leading_zeros() + 8_u32.trailing_zeros()", "34"),
        ("!5_i32", "-6"),
        ("!5_u8", "250"),
        ("-1_i64 as u32", "4294967295"),
        ("3.99_f64 as u8", "3"),
        ("f64::NAN as i32", "0"),
        ("-5.0_f64 as u16", "0"),
        ("'é' as u32", "233"),
        ("true as i32 + 1", "2"),
        ("2.5_f64.round() + (-2.5_f64).round() + 0.5_f64.floor()", "0.0"),
        ("(2.0_f64.powf(0.5) * 1000.0).trunc()", "1414.0"),
        ("f64::NAN == f64::NAN || f64::NAN < 1.0", "false"),
        ("1.0 / 0.0 == f64::INFINITY", "true"),
        ("-7.5 % 2.0", "-1.5"),
        ("10_i32.clamp(0, 5).max(3).min(4)", "4"),
        ("5_u32.abs_diff(9)", "4"),
        ("17_u32.isqrt() + 1000_u32.ilog10()", "7"),
        ("(std::f64::consts::PI * 100.0).floor()", "314.0"),
        ("i64::MAX.checked_mul(2).is_none() && u64::MAX as f64 > 1.8e19", "true"),
    ]);
}

#[test]
fn overflow_names_the_operation() {
    let mut cells = Cells::new();
    for (code, message) in [
        ("let x = i32::MAX; x + 1", "attempt to add with overflow"),
        ("let x = 0_u32; x - 1", "attempt to subtract with overflow"),
        ("let x = 1_i64 << 62; x * 4", "attempt to multiply with overflow"),
        ("let x = i32::MIN; x / -1", "attempt to divide with overflow"),
        ("let x = i32::MIN; -x", "attempt to negate with overflow"),
        ("let s = 40; 1_i32 << s", "attempt to shift left with overflow"),
        ("let z = 0; 5 % z", "attempt to calculate the remainder with a divisor of zero"),
        ("255_u8.pow(2)", "attempt to multiply with overflow"),
        ("let v: Vec<i32> = vec![]; v[0]", "index out of bounds: the len is 0 but the index is 0"),
        ("\"é\"[1..].len()", "inside of a character"),
        ("vec![0; 60_000_000].len()", "more than 50000000 elements"),
    ] {
        let error = cells.fail(code);
        assert!(error.contains(message), "{code}\n{error}");
    }
}

#[test]
fn patterns() {
    check(&[
        ("match (1, \"x\") { (1, s) if s.len() > 3 => 0, (1, \"x\" | \"y\") => 1, _ => 2 }", "1"),
        ("match Some(Some(3)) { Some(Some(n @ 1..=5)) => n * 10, Some(None) => 0, _ => 1 }", "30"),
        ("match 'k' { 'a'..='j' => 1, 'k'..='z' => 2, _ => 3 }", "2"),
        ("match [1, 2, 3].as_slice() { [] => 0, [one] => *one, [first, .., last] => first + last }", "4"),
        ("let [a, b, rest @ ..] = [1, 2, 3, 4] else { panic!() }; (a, b, rest.len())", "(1, 2, 2)"),
        ("let (a, (b, c)) = (1, (2, 3)); a + b + c", "6"),
        ("match (true, false) { (true, true) | (false, false) => 1, (true, false) => 2, (false, true) => 3 }", "2"),
        ("if let Some(x) = Some(2) && x > 1 { x } else { 0 }", "2"),
        ("let mut v = vec![1, 2]; let mut s = 0; while let Some(x) = v.pop() { s += x; } s", "3"),
        ("matches!(Some(4), Some(n) if n > 3)", "true"),
        ("let r = 'outer: loop { let mut n = 0; loop { n += 1; if n == 5 { break 'outer n * 2; } } }; r", "10"),
        ("let mut c = 0; 'a: for i in 0..5 { for j in 0..5 { if j > i { continue 'a; } c += 1; } } c", "15"),
        ("let v = 'b: { if 1 < 2 { break 'b 1; } 2 }; v", "1"),
        (
            "match \"abc\".chars().next() { Some(c) if c.is_alphabetic() => c.to_ascii_uppercase(), Some(c) => c, None => '-' }",
            "'A'",
        ),
        ("match 2.5 { x if x < 0.0 => -1, 2.5 => 1, _ => 0 }", "1"),
    ]);
}

#[test]
fn a_match_must_cover_everything() {
    let mut cells = Cells::new();
    for (code, missing) in [
        ("match Some(1) { Some(n) => n }", "`None` is not covered"),
        ("match (true, Some(2)) { (true, _) => 1, (false, None) => 2 }", "`(false, Some(_))` is not covered"),
        ("match 5 { 1 => 1, 2 => 2 }", "`_` is not covered"),
        ("match true { true => 1 }", "`false` is not covered"),
        ("let Some(n) = Some(1); n", "does not match every value"),
    ] {
        let error = cells.fail(code);
        assert!(error.contains(missing), "{code}\n{error}");
    }
}

#[test]
fn types_are_checked_as_rustc_checks_them() {
    let mut cells = Cells::new();
    cells.run("let count = 5;");
    for (code, message) in [
        ("let wide: i64 = count;", "expected `i64`, found `i32`"),
        ("[1, 2].iter().map(|x| x.len()).count()", "no method `len` on type `{integer}`"),
        ("vec![1, 2].filter(|x| true)", "it is a method of iterators: `.iter().filter(..)`"),
        ("[1, 2].iter().filter(|x| 5).count()", "expected `bool`, found `{integer}`"),
        ("[1].iter().map(|a, b| a).count()", "this closure has to take 1 argument, and takes 2"),
        ("let x: Vec<String> = [1].iter().map(|n| n * 2).collect();", "cannot be collected"),
        ("let x = [1, 2].iter().collect();", "type annotations needed"),
        ("[1.5, 2.5].iter().sum::<i32>()", "the sum of `{float}` is not a `i32`"),
        ("let mut v = vec![]; v.push(1); v.push(\"a\");", "expected `{integer}`, found `String`"),
        ("let mut v = vec![]; v.push(v);", "mismatched types"),
        ("300_u8 + 1", "literal out of range for `u8`"),
        ("let x: u8 = 256;", "literal out of range for `u8`"),
        ("println!(\"{:x}\", 1.5)", "cannot be written with `{:x}`"),
        ("let x = loop { break 1; break \"a\"; };", "expected `{integer}`, found `String`"),
    ] {
        let error = cells.fail(code);
        assert!(error.contains(message), "{code}\n{error}");
    }
}

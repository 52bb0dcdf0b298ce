//! Closures, iterators and collections, with Rust's meaning. What each case gives was seen with rustc.

use super::{Cells, check};

#[test]
fn iterator_adapters() {
    check(&[
        ("vec![1, 2, 3].iter().map(|x| x * 2).collect::<Vec<_>>()", "[2, 4, 6]"),
        ("[1.5, 2.5].iter().map(|x| x * 2.0).sum::<f64>()", "8.0"),
        ("(1..=10).filter(|n| n % 3 == 0).collect::<Vec<i32>>()", "[3, 6, 9]"),
        ("[\"1\", \"x\", \"3\"].iter().filter_map(|s| s.parse::<i64>().ok()).collect::<Vec<_>>()", "[1, 3]"),
        ("[3, 1, 2].iter().fold(0, |sum, x| sum * 10 + x)", "312"),
        (
            "[\"b\", \"a\"].iter().enumerate().map(|(i, s)| format!(\"{i}{s}\")).collect::<Vec<_>>().join(\",\")",
            "\"0b,1a\"",
        ),
        ("(0..).map(|n| n * n).take_while(|n| *n < 50).last()", "Some(49)"),
        ("(0..20).skip_while(|n| n % 7 != 6).step_by(5).collect::<Vec<_>>()", "[6, 11, 16]"),
        ("[1, 2].iter().flat_map(|n| vec![*n; *n as usize]).collect::<Vec<_>>()", "[1, 2, 2]"),
        ("vec![vec![1], vec![], vec![2, 3]].into_iter().flatten().rev().collect::<Vec<_>>()", "[3, 2, 1]"),
        ("[1, 2, 3].iter().zip([\"a\", \"b\"]).map(|(n, s)| s.repeat(*n)).collect::<String>()", "\"abb\""),
        ("[1, 5, 2].iter().max_by_key(|n| (*n % 5, **n))", "Some(2)"),
        ("[2.5, -1.0, 9.0].iter().copied().fold(f64::NEG_INFINITY, f64::max)", "9.0"),
        ("[2.5, -1.0].iter().min_by(|a, b| a.partial_cmp(b).unwrap())", "Some(-1.0)"),
        ("[4, 8].iter().any(|n| n % 3 == 0) || [4, 8].iter().all(|n| n % 4 == 0)", "true"),
        ("[4, 8, 9].iter().position(|n| *n == 8)", "Some(1)"),
        ("(1..=5).product::<i64>()", "120"),
        ("(1..=4).rev().map(|n| n.to_string()).collect::<Vec<_>>().concat()", "\"4321\""),
        ("(1..=6).partition::<Vec<i32>, _>(|n| n % 2 == 0)", "([2, 4, 6], [1, 3, 5])"),
        ("vec![(1, 'a'), (2, 'b')].into_iter().unzip::<i32, char, Vec<_>, Vec<_>>()", "([1, 2], ['a', 'b'])"),
        ("[\"1\", \"2\"].iter().map(|s| s.parse::<i32>()).collect::<Result<Vec<_>, _>>().unwrap()", "[1, 2]"),
        ("[Some(1), None].into_iter().collect::<Option<Vec<i32>>>()", "None"),
        ("std::iter::successors(Some(1_u32), |n| n.checked_mul(10)).count()", "10"),
        ("std::iter::repeat(7).take(3).collect::<Vec<_>>()", "[7, 7, 7]"),
        ("[1, 2, 3, 4, 5].windows(2).map(|w| w[1] - w[0]).sum::<i32>()", "4"),
        ("[1, 2, 3, 4, 5].chunks(2).map(|c| c.len()).collect::<Vec<_>>()", "[2, 2, 1]"),
        ("let mut it = [1, 2, 3].iter(); it.next(); it.map(|x| x + 1).collect::<Vec<_>>()", "[3, 4]"),
        (
            "let mut it = [1, 2].iter().peekable(); (it.peek().is_some(), it.next().is_some(), it.count())",
            "(true, true, 1)",
        ),
        ("\"a-b-c\".split('-').map(|s| s.to_uppercase()).collect::<Vec<_>>()", "[\"A\", \"B\", \"C\"]"),
        ("\"hello\".chars().filter(|c| \"aeiou\".contains(*c)).count()", "2"),
        ("\"ab\".chars().map(|c| c.to_ascii_uppercase()).rev().collect::<String>()", "\"BA\""),
        ("let n = 3; let add = 10; (0..n).map(|x| x + add).sum::<i32>()", "33"),
        ("let mut seen = 0; [1, 2, 3].iter().for_each(|x| seen += x); seen", "6"),
        ("[\"x\", \"yy\"].iter().map(|s| s.len()).collect::<Vec<usize>>()", "[1, 2]"),
    ]);
}

#[test]
fn nothing_is_computed_before_it_is_asked_for() {
    let mut cells = Cells::new();
    let printed = cells.printed(
        "let firsts: Vec<i32> = (1..)
            .inspect(|n| println!(\"{n}\"))
            .filter(|n| n % 2 == 0)
            .map(|n| { println!(\"map {n}\"); n * 10 })
            .take(2)
            .collect();
         println!(\"{firsts:?}\")",
    );
    assert_eq!(printed, "1\n2\nmap 2\n3\n4\nmap 4\n[20, 40]\n");
    assert_eq!(cells.printed("let lazy = [1].iter().map(|n| { println!(\"never\"); n });"), "");
    assert!(cells.fail("lazy").contains("VARIABLE_NOT_FOUND"), "an iterator lives as long as its cell");
}

#[test]
fn options_and_results() {
    check(&[
        ("Some(4).map(|n| n * 2).filter(|n| *n > 5).unwrap_or_else(|| 0)", "8"),
        ("let none: Option<i32> = None; none.map_or(7, |n| n + 1)", "7"),
        ("Some(3).and_then(|n| if n > 5 { Some(n) } else { None }).is_none()", "true"),
        ("Some(2).zip(Some('x'))", "Some((2, 'x'))"),
        ("Some(Some(1)).flatten().or(Some(9))", "Some(1)"),
        ("\"5\".parse::<i32>().map(|n| n + 1).unwrap_or(0)", "6"),
        ("\"x\".parse::<i32>().ok().or_else(|| Some(1))", "Some(1)"),
        ("\"x\".parse::<i32>().unwrap_or_else(|e| e.to_string().len() as i32) > 0", "true"),
        ("\"x\".parse::<i32>().is_ok_and(|n| n > 0)", "false"),
        ("let mut o = Some(1); let t = o.take(); (o, t)", "(None, Some(1))"),
        ("(3 > 2).then(|| \"yes\")", "Some(\"yes\")"),
        ("(3 < 2).then_some(1)", "None"),
    ]);
    let mut cells = Cells::new();
    assert!(cells.fail("let n: Option<i32> = None; n.ok_or(\"nothing there\")?").contains("nothing there"));
}

#[test]
fn maps_sets_and_queues() {
    check(&[
        (
            "let mut m = std::collections::BTreeMap::new(); for w in \"a b a\".split(' ') { *m.entry(w).or_insert(0) += 1; } m",
            "{\"a\": 2, \"b\": 1}",
        ),
        (
            "let mut m: BTreeMap<i32, Vec<char>> = BTreeMap::new(); for (i, c) in \"abc\".chars().enumerate() { m.entry(i as i32 % 2).or_default().push(c); } m",
            "{0: ['a', 'c'], 1: ['b']}",
        ),
        (
            "let m = HashMap::from([(\"x\", 1), (\"y\", 2)]); let mut v: Vec<_> = m.iter().map(|(k, v)| format!(\"{k}{v}\")).collect(); v.sort(); v",
            "[\"x1\", \"y2\"]",
        ),
        (
            "let m: HashMap<&str, i32> = [(\"x\", 1)].into_iter().collect(); (m[\"x\"], m.get(\"y\").copied(), m.contains_key(\"x\"))",
            "(1, None, true)",
        ),
        (
            "let mut m = BTreeMap::from([(2, 'b'), (1, 'a')]); m.insert(3, 'c'); m.remove(&2); m.into_iter().collect::<Vec<_>>()",
            "[(1, 'a'), (3, 'c')]",
        ),
        (
            "let a: BTreeSet<i32> = (1..5).collect(); let b = BTreeSet::from([4, 9]); (a.intersection(&b).count(), a.contains(&2))",
            "(1, true)",
        ),
        ("let mut s = HashSet::new(); [1, 2, 1].iter().filter(|n| s.insert(**n)).count()", "2"),
        ("let mut q = VecDeque::new(); q.push_back(1); q.push_back(2); q.push_front(0); q.pop_front(); q", "[1, 2]"),
        ("let mut v = vec![3, 1, 2]; v.sort_by(|a, b| b.cmp(a)); v", "[3, 2, 1]"),
        ("let mut v = vec![\"bb\", \"a\", \"ccc\"]; v.sort_by_key(|s| s.len()); v", "[\"a\", \"bb\", \"ccc\"]"),
        ("let mut v = vec![1.5_f64, -2.0]; v.sort_by(|a, b| a.total_cmp(b)); v", "[-2.0, 1.5]"),
        ("let mut v = vec![1, 2, 3, 4]; v.retain(|n| n % 2 == 0); v.insert(0, 9); v.swap(0, 2); v", "[4, 2, 9]"),
        ("let mut v = vec![1, 1, 2]; v.dedup(); v.truncate(1); v.extend(5..7); v", "[1, 5, 6]"),
        ("let mut g = vec![vec![0; 2]; 2]; g[1][0] = 5; g[0][1] += 2; g", "[[0, 2], [5, 0]]"),
        ("let mut t = (1, 2.0); t.0 += 5; t.1 *= 2.0; t", "(6, 4.0)"),
    ]);
}

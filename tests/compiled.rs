//! Compiled cells have what interpreted cells have: the same methods on what belongs to the session.
//!
//! How compiled cells behave is tested from outside, in `tests/clients/test_compiled.py`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use syn::{ImplItem, Item, Visibility};

/// The types of the session that both kinds of cells have; compiled cells have clients of their own of them.
const SHARED: [&str; 5] = ["Session", "Reader", "Writer", "Plot", "DisplayHandle"];

#[test]
fn the_session_has_the_same_methods_in_compiled_cells() {
    let compiled = public_methods(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../prelude/src"));
    let interpreted: BTreeSet<(String, String)> = aerostat_cells::rows()
        .into_iter()
        .filter_map(|row| Some((row.owner.filter(|owner| SHARED.contains(owner))?.to_owned(), row.name.to_owned())))
        .collect();
    for owner in SHARED {
        assert!(interpreted.iter().any(|(of, _)| of == owner), "`{owner}` has no methods");
    }
    let missing: Vec<_> = interpreted.difference(&compiled).collect();
    assert!(missing.is_empty(), "compiled cells do not have {missing:?}");
}

/// The type and the name of every public method in a folder of sources.
fn public_methods(folder: &Path) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(public_methods(&path));
            continue;
        }
        let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        for item in file.items {
            let Item::Impl(block) = item else { continue };
            let syn::Type::Path(ty) = &*block.self_ty else { continue };
            let owner = ty.path.segments.last().unwrap().ident.to_string();
            for method in block.items {
                if let ImplItem::Fn(method) = method
                    && (block.trait_.is_some() || matches!(method.vis, Visibility::Public(_)))
                {
                    found.insert((owner.clone(), method.sig.ident.to_string()));
                }
            }
        }
    }
    found
}

//! polars' own sources, read with `syn`: what is public, and which features of those that are built it needs.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Meta, Token, Visibility};

/// A function or method.
#[derive(Clone)]
pub struct Function {
    pub name: String,
    /// The type or trait it belongs to; empty for a free function.
    pub owner: String,
    pub sig: syn::Signature,
    /// Names of features that would have to be built for it.
    pub missing: Option<String>,
    pub deprecated: bool,
    pub hidden: bool,
}

/// What a module has and what it passes on.
#[derive(Default)]
pub struct Module {
    pub functions: Vec<Function>,
    /// Types and traits defined here.
    pub types: HashSet<String>,
    pub uses: Vec<syn::UseTree>,
}

/// All of polars, module by module.
#[derive(Default)]
pub struct Sources {
    pub modules: HashMap<String, Module>,
    /// Methods in `impl Type`.
    pub methods: Vec<Function>,
    /// Methods of traits, by the trait's name.
    pub traits: HashMap<String, Vec<Function>>,
    /// `impl Trait for Type`: both names.
    pub implemented: HashSet<(String, String)>,
    features: HashSet<String>,
}

/// The platform that tests run on: other platforms' dependencies need not be downloaded.
fn host() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|error| format!("rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| "rustc does not name its host".to_owned())
}

/// The sources of the locked version, or why they cannot be read.
pub fn load(workspace: &Path) -> Result<Sources, String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", &host()?])
        .current_dir(workspace)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Json = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let mut sources = Sources::default();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        if name != "polars" && !name.starts_with("polars-") {
            continue;
        }
        let node =
            metadata["resolve"]["nodes"].as_array().into_iter().flatten().find(|node| node["id"] == package["id"]);
        let features = node.and_then(|node| node["features"].as_array()).into_iter().flatten();
        sources.features = features.filter_map(|feature| feature.as_str().map(str::to_owned)).collect();
        let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
        let root = manifest.with_file_name("src").join("lib.rs");
        sources.file(&name.replace('-', "_"), &root, &root.with_file_name(""), None)?;
    }
    Ok(sources)
}

impl Sources {
    fn file(&mut self, path: &str, file: &Path, children: &Path, missing: Option<&str>) -> Result<(), String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let parsed = syn::parse_file(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        self.items(path, &parsed.items, children, missing)
    }

    fn items(&mut self, path: &str, items: &[Item], folder: &Path, missing: Option<&str>) -> Result<(), String> {
        self.modules.entry(path.to_owned()).or_default();
        for item in items {
            self.item(path, item, folder, missing)?;
        }
        Ok(())
    }

    fn item(&mut self, path: &str, item: &Item, folder: &Path, missing: Option<&str>) -> Result<(), String> {
        let missing_for = |attrs: &[Attribute], this: &Self| this.missing(attrs).or_else(|| missing.map(str::to_owned));
        match item {
            Item::Mod(module) => {
                let missing = missing_for(&module.attrs, self);
                let name = module.ident.to_string();
                if missing.as_deref() == Some("test") {
                    return Ok(());
                }
                let path = format!("{path}::{name}");
                match &module.content {
                    Some((_, items)) => self.items(&path, items, &folder.join(&name), missing.as_deref())?,
                    None => {
                        let own = folder.join(format!("{name}.rs"));
                        let file = if own.exists() { own } else { folder.join(&name).join("mod.rs") };
                        if file.exists() {
                            self.file(&path, &file, &folder.join(&name), missing.as_deref())?;
                        }
                    }
                }
            }
            Item::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
                let function = self.function("", &function.attrs, &function.sig, missing);
                self.module(path).functions.push(function);
            }
            Item::Use(used)
                if matches!(used.vis, Visibility::Public(_)) && missing_for(&used.attrs, self).is_none() =>
            {
                let tree = used.tree.clone();
                self.module(path).uses.push(tree);
            }
            Item::Struct(item) => drop(self.module(path).types.insert(item.ident.to_string())),
            Item::Enum(item) => drop(self.module(path).types.insert(item.ident.to_string())),
            Item::Type(item) => drop(self.module(path).types.insert(item.ident.to_string())),
            Item::Trait(item) => self.trait_item(path, item, missing),
            Item::Impl(item) => self.impl_item(item, missing_for(&item.attrs, self).as_deref()),
            _ => {}
        }
        Ok(())
    }

    fn trait_item(&mut self, path: &str, item: &syn::ItemTrait, missing: Option<&str>) {
        let name = item.ident.to_string();
        self.module(path).types.insert(name.clone());
        let missing = self.missing(&item.attrs).or_else(|| missing.map(str::to_owned));
        for method in &item.items {
            let syn::TraitItem::Fn(method) = method else { continue };
            let function = self.function(&name, &method.attrs, &method.sig, missing.as_deref());
            self.traits.entry(name.clone()).or_default().push(function);
        }
    }

    fn impl_item(&mut self, item: &syn::ItemImpl, missing: Option<&str>) {
        let Some(owner) = type_name(&item.self_ty) else { return };
        if let Some((_, path, _)) = &item.trait_ {
            if let Some(segment) = path.segments.last().filter(|_| missing.is_none()) {
                self.implemented.insert((segment.ident.to_string(), owner));
            }
            return;
        }
        for method in &item.items {
            match method {
                syn::ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) => {
                    let function = self.function(&owner, &method.attrs, &method.sig, missing);
                    self.methods.push(function);
                }
                _ => {}
            }
        }
    }

    fn function(&self, owner: &str, attrs: &[Attribute], sig: &syn::Signature, missing: Option<&str>) -> Function {
        let hidden = attrs.iter().any(|attr| {
            attr.path().is_ident("doc") && attr.parse_args::<syn::Ident>().is_ok_and(|word| word == "hidden")
        });
        Function {
            name: sig.ident.to_string(),
            owner: owner.to_owned(),
            sig: sig.clone(),
            missing: self.missing(attrs).or_else(|| missing.map(str::to_owned)),
            deprecated: attrs.iter().any(|attr| attr.path().is_ident("deprecated")),
            hidden,
        }
    }

    fn module(&mut self, path: &str) -> &mut Module {
        self.modules.entry(path.to_owned()).or_default()
    }

    /// What the `cfg`s ask for that is not built, if anything.
    fn missing(&self, attrs: &[Attribute]) -> Option<String> {
        let conditions = attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
        conditions
            .filter_map(|attr| attr.parse_args::<Meta>().ok())
            .find(|meta| !self.holds(meta))
            .map(|meta| named(&meta))
    }

    fn holds(&self, meta: &Meta) -> bool {
        match meta {
            Meta::NameValue(pair) if pair.path.is_ident("feature") => self.features.contains(&literal(&pair.value)),
            Meta::NameValue(pair) if pair.path.is_ident("target_os") => literal(&pair.value) == "linux",
            Meta::NameValue(pair) if pair.path.is_ident("target_family") => literal(&pair.value) == "unix",
            Meta::NameValue(pair) => pair.path.is_ident("target_pointer_width") && literal(&pair.value) == "64",
            Meta::List(list) => {
                let parts = parts(list);
                let mut parts = parts.iter();
                match list.path.get_ident().map(ToString::to_string).as_deref() {
                    Some("all") => parts.all(|part| self.holds(part)),
                    Some("any") => parts.any(|part| self.holds(part)),
                    _ => !parts.any(|part| self.holds(part)),
                }
            }
            Meta::Path(_) => false,
        }
    }
}

fn parts(list: &syn::MetaList) -> Vec<Meta> {
    list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).into_iter().flatten().collect()
}

fn literal(value: &syn::Expr) -> String {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => text.value(),
        _ => String::new(),
    }
}

/// The words of a condition: features by their names.
fn named(meta: &Meta) -> String {
    match meta {
        Meta::NameValue(pair) => literal(&pair.value),
        Meta::List(list) => parts(list).iter().map(named).collect::<Vec<_>>().join(", "),
        Meta::Path(path) => path.get_ident().map(ToString::to_string).unwrap_or_default(),
    }
}

/// The last name of a type's path.
pub fn type_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        syn::Type::Reference(reference) => type_name(&reference.elem),
        _ => None,
    }
}

//! The one table of everything that a cell can name: types, methods, functions, constants and options.
//!
//! A row is declared once, as a Rust signature with a doc line, and drives dispatch, the static check, completion and
//! inspection:
//!
//! ```text
//! methods! { Expr {
//!     /// Renames the column.
//!     fn alias(name: PlSmallStr) -> Expr;
//!     /// The mean, as a float.
//!     fn mean() -> Expr;
//! } }
//! ```
//!
//! A row without a body calls the method of the same name. `= |this| ..` gives a body where the Rust signature differs,
//! `= |this, cx| ..` one that needs the session or the output; `mut fn` changes its receiver in place. A block may say what
//! [effect](Effect) its rows have: `#[pure] Expr { .. }`. Argument types implement [`Param`](crate::lend::Param), results [`IntoValue`](crate::convert::IntoValue).

mod chunked;
mod expr;
mod frame;
mod free;
pub(crate) mod io;
mod lazy;
mod macros;
mod namespaces;
pub(crate) mod natives;
mod options;
mod output;
mod plot;
mod scalars;
mod series;
mod standard;
mod values;
mod widgets;

use std::collections::HashMap;
use std::sync::LazyLock;

use aerostat_error::Result;

use crate::eval::Evaluator;
use crate::ty::Ty;
use crate::value::Value;

/// A method, an associated function or a free function.
pub struct Callable {
    /// Its name.
    pub name: &'static str,
    /// The type it belongs to, if any.
    pub owner: Option<&'static str>,
    /// The type of `self`; `None` for a function.
    pub receiver: Option<Ty>,
    /// Names and types of the arguments.
    pub params: Vec<(&'static str, Ty)>,
    /// The type of the result.
    pub ret: Ty,
    /// What it does.
    pub doc: String,
    /// Whether it changes `self` in place.
    pub mutates: bool,
    /// What else it may do than give a result.
    pub effect: Effect,
    /// Whether the result is `self` again, so that a chain of calls changes one and the same variable.
    pub gives_self: bool,
    /// Does it. The receiver, if any, is the first argument; one that mutates gives it back as the first of a tuple.
    pub call: fn(&mut Evaluator<'_>, Vec<Value>) -> Result<Value>,
}

/// What a row may do besides giving a result. What nobody has called pure is not run while a cell is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: it only computes or describes something small, such as an expression, an option or a plan.
    Pure,
    /// It runs a query, reads, shows or asks for something, writes a file, or takes long.
    Runs,
    /// It may change what tables there are, or what is in them.
    Writes,
}

impl Callable {
    /// Whether it is work of polars or the session, not of Rust's own types: those are no rows of the table.
    pub(crate) fn is_engine(&self) -> bool {
        match (&self.receiver, self.owner) {
            (Some(receiver), _) => receiver.is_native(),
            (None, owner) => owner.is_none_or(|owner| TABLE.type_row(owner).is_some()),
        }
    }

    /// The Rust signature.
    pub fn signature(&self) -> String {
        let receiver = self.receiver.is_some().then(|| if self.mutates { "&mut self".into() } else { "self".into() });
        let written = self.params.iter().filter(|(_, ty)| !matches!(ty, Ty::TypeOf(_)));
        let params = written.map(|(name, ty)| format!("{name}: {ty}"));
        let params: Vec<String> = receiver.into_iter().chain(params).collect();
        let owner = self.owner.map(|owner| format!("{owner}::")).unwrap_or_default();
        let ret = if self.ret == Ty::Unit { String::new() } else { format!(" -> {}", self.ret) };
        let generic = self.params.iter().find(|(_, ty)| matches!(ty, Ty::TypeOf(_)));
        let generic = generic.map(|(_, ty)| format!("<{ty}>")).unwrap_or_default();
        format!("fn {owner}{}{generic}({}){ret}", self.name, params.join(", "))
    }
}

/// A constant or a variant of an enum.
pub struct Constant {
    /// The type it belongs to, if any.
    pub owner: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Ty,
    /// Its value.
    pub value: fn() -> Value,
}

/// A public field of a struct of options.
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Ty,
    /// Sets it.
    pub set: fn(&mut Value, Value) -> Result<()>,
    /// Reads it.
    pub get: fn(&Value) -> Result<Value>,
}

/// A type that a cell can name.
pub struct TypeRow {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub doc: String,
    /// The path of the Rust type, which begins with its crate. Types of this one stand for polars' own.
    pub path: fn() -> &'static str,
    /// Its `Default`, if it has one.
    pub default: Option<fn() -> Value>,
    /// A value whose fields are all to be set, for types without a `Default`.
    pub blank: Option<fn() -> Value>,
    /// Its public fields.
    pub fields: Vec<Field>,
}

/// A type of options without a `Default`, whose literals give every field.
pub(crate) trait Blank {
    /// A value to set the fields of.
    fn blank() -> Self;
}

/// The whole table.
pub struct Table {
    types: HashMap<&'static str, TypeRow>,
    /// By the [head](Ty::head) of their receiver, sorted by name.
    methods: HashMap<&'static str, Vec<Callable>>,
    functions: HashMap<String, Callable>,
    constants: HashMap<String, Constant>,
}

/// The table, built at first use.
pub static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

impl Table {
    fn build() -> Self {
        let mut table = Self {
            types: HashMap::new(),
            methods: HashMap::new(),
            functions: HashMap::new(),
            constants: HashMap::new(),
        };
        for register in [
            natives::register,
            values::register,
            chunked::register,
            options::register,
            expr::register,
            namespaces::register,
            free::register,
            lazy::register,
            frame::register,
            series::register,
            io::register,
            output::register,
            plot::register,
            standard::register,
            widgets::register,
        ] {
            register(&mut table);
        }
        table.methods.values_mut().for_each(|rows| rows.sort_by_key(|row| row.name));
        table
    }

    pub(crate) fn add_types(&mut self, rows: Vec<TypeRow>) {
        self.types.extend(rows.into_iter().map(|row| (row.name, row)));
    }

    pub(crate) fn add_callables(&mut self, rows: Vec<Callable>) {
        for row in rows {
            match &row.receiver {
                Some(receiver) => self.methods.entry(receiver.head()).or_default().push(row),
                None => drop(self.functions.insert(path(row.owner, row.name), row)),
            }
        }
    }

    pub(crate) fn add_constants(&mut self, rows: Vec<Constant>) {
        self.constants.extend(rows.into_iter().map(|row| (path(row.owner, row.name), row)));
    }

    /// The type that cells call `name`.
    pub fn type_row(&self, name: &str) -> Option<&TypeRow> {
        self.types.get(name)
    }

    /// The names of all types.
    pub fn type_names(&self) -> impl Iterator<Item = &'static str> {
        self.types.keys().copied()
    }

    /// The methods `name` of a value of type `ty`: its own first, and then that of every type.
    pub fn methods_named(&self, ty: &Ty, name: &str) -> impl Iterator<Item = &Callable> {
        self.rows_of(ty).flat_map(move |rows| {
            let first = rows.partition_point(|row| row.name < name);
            rows[first..].iter().take_while(move |row| row.name == name)
        })
    }

    /// The methods of a value of type `ty`: its own, and those of every type.
    pub fn methods_of(&self, ty: &Ty) -> impl Iterator<Item = &Callable> {
        self.rows_of(ty).flatten()
    }

    fn rows_of(&self, ty: &Ty) -> impl Iterator<Item = &Vec<Callable>> {
        let own = self.methods.get(ty.head());
        let all = self.methods.get("_").filter(|_| ty.head() != "_");
        own.into_iter().chain(all)
    }

    /// Every row that can be called.
    pub fn callables(&self) -> impl Iterator<Item = &Callable> {
        self.methods.values().flatten().chain(self.functions.values())
    }

    /// Every constant and variant.
    pub fn constants(&self) -> impl Iterator<Item = &Constant> {
        self.constants.values()
    }

    /// The types that have a method `name`.
    pub fn owners_of(&self, name: &str) -> Vec<&'static str> {
        let has = |methods: &Vec<Callable>| methods.iter().any(|method| method.name == name);
        self.methods.iter().filter(|(_, methods)| has(methods)).map(|(owner, _)| *owner).collect()
    }

    /// The function `name`, or `owner::name`.
    pub fn function(&self, owner: Option<&str>, name: &str) -> Option<&Callable> {
        self.functions.get(&path(owner, name))
    }

    /// The constant `name`, or `owner::name`.
    pub fn constant(&self, owner: Option<&str>, name: &str) -> Option<&Constant> {
        self.constants.get(&path(owner, name))
    }

    /// The names of functions and constants under `owner`, or of the free ones.
    pub fn members(&self, owner: Option<&str>) -> Vec<&'static str> {
        let functions = self.functions.values().filter(|row| row.owner == owner).map(|row| row.name);
        let constants = self.constants.values().filter(|row| row.owner == owner).map(|row| row.name);
        functions.chain(constants).collect()
    }
}

/// `owner::name`, or `name`: the key of functions and constants.
fn path(owner: Option<&str>, name: &str) -> String {
    owner.map_or_else(|| name.to_owned(), |owner| format!("{owner}::{name}"))
}

/// The next argument of a call.
pub(crate) fn next(args: &mut std::vec::IntoIter<Value>) -> Result<Value> {
    args.next().ok_or_else(|| aerostat_error::Error::internal("a call with too few arguments passed the static check"))
}

pub(crate) use macros::{constants, effect, functions, methods, types, variants};
pub(crate) use natives::NullLiteral;
pub(crate) use scalars::{ScalarKind, scalar_kind};

/// The name of a row's type as cells know it, where the table writes another.
pub(crate) fn owner<T: crate::convert::Arg>(written: &'static str) -> &'static str {
    match T::ty() {
        Ty::Native(name) => name,
        _ => written,
    }
}

/// Whether a result, as it is written, is a reference that can be changed through: `self`, in methods that change it.
pub(crate) fn is_exclusive(ret: &str) -> bool {
    ret.contains("&mut") || ret.contains("& mut")
}

/// The lines of a doc comment as one text.
pub(crate) fn doc(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// The concrete value inside `value`, for a change in place.
pub(crate) fn in_place<T: crate::value::Native>(value: &mut Value) -> Result<&mut T> {
    match value {
        Value::Native(object) => (**object).as_any_mut().downcast_mut().ok_or_else(|| crate::value::mismatch(T::NAME)),
        _ => Err(crate::value::mismatch(T::NAME)),
    }
}

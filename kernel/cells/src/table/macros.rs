//! The macros that rows are written with.

/// The effect of a row: that of its block, `#[pure]` or `#[writes]`. A row whose body asks for the context is never pure: it
/// can reach the session, the output and the cell's closures.
macro_rules! effect {
    ([pure] _cx) => {
        $crate::table::Effect::Pure
    };
    ([pure] $cx:ident) => {
        $crate::table::Effect::Runs
    };
    ([writes] $cx:ident) => {
        $crate::table::Effect::Writes
    };
    ([] $cx:ident) => {
        $crate::table::Effect::Runs
    };
}

/// Rows of one type: see the module's documentation.
macro_rules! methods {
    ($($(#[$effect:ident])? $owner:ident $(as $receiver:ty)? { $($rows:tt)* })*) => {{
        let mut rows: Vec<$crate::table::Callable> = Vec::new();
        $( $crate::table::methods!(@rows rows, [$($effect)?], $owner, $crate::table::methods!(@receiver $owner $($receiver)?), $($rows)*); )*
        rows
    }};
    (@receiver $owner:ident) => { $owner };
    (@receiver $owner:ident $receiver:ty) => { $receiver };
    (@rows $rows:ident, $effect:tt, $owner:ident, $receiver:ty, ) => {};
    // The method of the same name.
    (@rows $rows:ident, $effect:tt, $owner:ident, $receiver:ty,
        $(#[doc = $doc:literal])+ fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty; $($rest:tt)*) => {
        $rows.push($crate::table::methods!(@row [], $effect, $owner, $receiver, ($($doc),+), $name, ($($arg: $ty),*), $ret,
            |_cx, this| this.$name($($arg),*)));
        $crate::table::methods!(@rows $rows, $effect, $owner, $receiver, $($rest)*);
    };
    (@rows $rows:ident, $effect:tt, $owner:ident, $receiver:ty,
        $(#[doc = $doc:literal])+ fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty = |$this:ident| $body:expr;
        $($rest:tt)*) => {
        $rows.push($crate::table::methods!(@row [], $effect, $owner, $receiver, ($($doc),+), $name, ($($arg: $ty),*), $ret,
            |_cx, $this| $body));
        $crate::table::methods!(@rows $rows, $effect, $owner, $receiver, $($rest)*);
    };
    (@rows $rows:ident, $effect:tt, $owner:ident, $receiver:ty,
        $(#[doc = $doc:literal])+ fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty = |$this:ident, $cx:ident| $body:expr;
        $($rest:tt)*) => {
        $rows.push($crate::table::methods!(@row [], $effect, $owner, $receiver, ($($doc),+), $name, ($($arg: $ty),*), $ret,
            |$cx, $this| $body));
        $crate::table::methods!(@rows $rows, $effect, $owner, $receiver, $($rest)*);
    };
    // A change in place, by the method of the same name.
    (@rows $rows:ident, $effect:tt, $owner:ident, $receiver:ty,
        $(#[doc = $doc:literal])+ mut fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty; $($rest:tt)*) => {
        $rows.push($crate::table::methods!(@row [mut], $effect, $owner, $receiver, ($($doc),+), $name, ($($arg: $ty),*), $ret,
            |cx, this| this.$name($($arg),*)));
        $crate::table::methods!(@rows $rows, $effect, $owner, $receiver, $($rest)*);
    };
    (@rows $rows:ident, $effect:tt, $owner:ident, $receiver:ty,
        $(#[doc = $doc:literal])+ mut fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty = |$this:ident| $body:expr;
        $($rest:tt)*) => {
        $rows.push($crate::table::methods!(@row [mut], $effect, $owner, $receiver, ($($doc),+), $name, ($($arg: $ty),*), $ret,
            |cx, $this| $body));
        $crate::table::methods!(@rows $rows, $effect, $owner, $receiver, $($rest)*);
    };
    (@rows $rows:ident, $effect:tt, $owner:ident, $receiver:ty,
        $(#[doc = $doc:literal])+ mut fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty = |$this:ident, $cx:ident| $body:expr;
        $($rest:tt)*) => {
        $rows.push($crate::table::methods!(@row [mut], $effect, $owner, $receiver, ($($doc),+), $name, ($($arg: $ty),*), $ret,
            |$cx, $this| $body));
        $crate::table::methods!(@rows $rows, $effect, $owner, $receiver, $($rest)*);
    };
    (@row $change:tt, $effect:tt, $owner:ident, $receiver:ty, ($($doc:literal),+), $name:ident, ($($arg:ident: $ty:ty),*),
        $ret:ty, |$cx:ident, $this:ident| $body:expr) => {
        $crate::table::Callable {
            name: stringify!($name),
            owner: Some($crate::table::owner::<$receiver>(stringify!($owner))),
            receiver: Some(<$receiver as $crate::convert::Arg>::ty()),
            params: vec![$((stringify!($arg), <$ty as $crate::lend::Param>::ty())),*],
            ret: <$ret as $crate::convert::IntoValue>::ty(),
            doc: $crate::table::doc(&[$($doc),+]),
            mutates: $crate::table::methods!(@mutates $change),
            effect: $crate::table::effect!($effect $cx),
            gives_self: $crate::table::methods!(@mutates $change) && $crate::table::is_exclusive(stringify!($ret)),
            call: |$cx, args| {
                let _ = &$cx;
                let mut args = args.into_iter();
                #[allow(unused_mut, reason = "only some rows change it")]
                let mut $this = <$receiver as $crate::convert::Arg>::take($crate::table::next(&mut args)?)?;
                $(
                    let mut store = None;
                    let $arg = <$ty as $crate::lend::Param>::take($crate::table::next(&mut args)?)?;
                    let $arg = <$ty as $crate::lend::Param>::lend($arg, &mut store);
                )*
                let result: $ret = $body;
                let result = $crate::convert::IntoValue::into_value(result);
                Ok($crate::table::methods!(@result $change $this, result))
            },
        }
    };
    (@mutates []) => { false };
    (@mutates [mut]) => { true };
    (@result [] $this:ident, $result:ident) => { $result };
    (@result [mut] $this:ident, $result:ident) => {
        $crate::value::Value::Tuple(vec![$crate::convert::IntoValue::into_value($this), $result])
    };
}

/// Free functions, or those associated with a type: `functions! { DatetimeArgs { fn new(..) -> ..; } }`. A row without a
/// body calls the function of the same name; a body `|cx| ..` needs the session, the output or closures.
macro_rules! functions {
    ($($(#[$effect:ident])? $owner:ident { $($rows:tt)* })*) => {{
        let mut rows: Vec<$crate::table::Callable> = Vec::new();
        $( $crate::table::functions!(@rows rows, [$($effect)?], $owner, $($rows)*); )*
        rows
    }};
    (@owner free) => { None };
    (@owner $owner:ident) => { Some(stringify!($owner)) };
    (@rows $rows:ident, $effect:tt, $owner:ident, ) => {};
    (@rows $rows:ident, $effect:tt, free,
        $(#[doc = $doc:literal])+ fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty; $($rest:tt)*) => {
        $rows.push($crate::table::functions!(@row $effect, None, ($($doc),+), $name, ($($arg: $ty),*), $ret, |_cx| $name($($arg),*)));
        $crate::table::functions!(@rows $rows, $effect, free, $($rest)*);
    };
    (@rows $rows:ident, $effect:tt, $owner:ident,
        $(#[doc = $doc:literal])+ fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty; $($rest:tt)*) => {
        $rows.push($crate::table::functions!(@row $effect, Some(stringify!($owner)), ($($doc),+), $name, ($($arg: $ty),*), $ret,
            |_cx| $owner::$name($($arg),*)));
        $crate::table::functions!(@rows $rows, $effect, $owner, $($rest)*);
    };
    (@rows $rows:ident, $effect:tt, $owner:ident,
        $(#[doc = $doc:literal])+ fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty = |$cx:ident| $body:expr; $($rest:tt)*) => {
        $rows.push($crate::table::functions!(@row $effect, $crate::table::functions!(@owner $owner), ($($doc),+), $name,
            ($($arg: $ty),*), $ret, |$cx| $body));
        $crate::table::functions!(@rows $rows, $effect, $owner, $($rest)*);
    };
    (@rows $rows:ident, $effect:tt, $owner:ident,
        $(#[doc = $doc:literal])+ fn $name:ident($($arg:ident: $ty:ty),* $(,)?) -> $ret:ty = $body:expr; $($rest:tt)*) => {
        $rows.push($crate::table::functions!(@row $effect, $crate::table::functions!(@owner $owner), ($($doc),+), $name,
            ($($arg: $ty),*), $ret, |_cx| $body));
        $crate::table::functions!(@rows $rows, $effect, $owner, $($rest)*);
    };
    (@row $effect:tt, $owner:expr, ($($doc:literal),+), $name:ident, ($($arg:ident: $ty:ty),*), $ret:ty, |$cx:ident| $body:expr) => {
        $crate::table::Callable {
            name: stringify!($name),
            owner: $owner,
            receiver: None,
            params: vec![$((stringify!($arg), <$ty as $crate::lend::Param>::ty())),*],
            ret: <$ret as $crate::convert::IntoValue>::ty(),
            doc: $crate::table::doc(&[$($doc),+]),
            mutates: false,
            effect: $crate::table::effect!($effect $cx),
            gives_self: false,
            call: |$cx, args| {
                let mut _args = args.into_iter();
                $(
                    let mut store = None;
                    let $arg = <$ty as $crate::lend::Param>::take($crate::table::next(&mut _args)?)?;
                    let $arg = <$ty as $crate::lend::Param>::lend($arg, &mut store);
                )*
                let result: $ret = $body;
                Ok($crate::convert::IntoValue::into_value(result))
            },
        }
    };
}

/// Variants and constants: `constants! { JoinType { Inner, Left } }`.
macro_rules! constants {
    ($($owner:ident { $($name:ident),* $(,)? })*) => {
        vec![$($($crate::table::Constant {
            owner: Some(<$owner as $crate::value::Native>::NAME),
            name: stringify!($name),
            ty: <$owner as $crate::convert::IntoValue>::ty(),
            value: || $crate::convert::IntoValue::into_value($owner::$name),
        }),*),*]
    };
}

/// Types: `types! { /// A plan. \n LazyFrame: |frame| text; }`, with `[default]` (or `[blank]`) and
/// `{ field: Type }` where they have them.
macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident $(as $shown:literal)? $([$default:ident])? $({ $($field:ident: $field_ty:ty),* $(,)? })?
        = |$this:ident| $text:expr;)*) => {
        $(impl $crate::value::Native for $name {
            const NAME: &'static str = $crate::table::types!(@name $name $($shown)?);
            fn text(&self) -> String {
                let $this = self;
                $text
            }
        })*
        fn type_rows() -> Vec<$crate::table::TypeRow> {
            vec![$($crate::table::TypeRow {
                name: <$name as $crate::value::Native>::NAME,
                doc: $crate::table::doc(&[$($doc),+]),
                path: std::any::type_name::<$name>,
                default: $crate::table::types!(@default $name $($default)?),
                blank: $crate::table::types!(@blank $name $($default)?),
                fields: vec![$($($crate::table::Field {
                    name: stringify!($field),
                    ty: <$field_ty as $crate::convert::Arg>::ty(),
                    set: |target, value| {
                        let value = <$field_ty as $crate::convert::Arg>::take(value)?;
                        $crate::table::in_place::<$name>(target)?.$field = value;
                        Ok(())
                    },
                    get: |target| {
                        let this = target.downcast_ref::<$name>().ok_or_else(|| $crate::value::mismatch(stringify!($name)))?;
                        Ok($crate::convert::IntoValue::into_value(this.$field.clone()))
                    },
                }),*)?],
            }),*]
        }
    };
    (@name $name:ident) => { stringify!($name) };
    (@name $name:ident $shown:literal) => { $shown };
    (@default $name:ident) => { None };
    (@default $name:ident blank) => { None };
    (@blank $name:ident) => { None };
    (@blank $name:ident default) => { Some(|| $crate::value::Value::native($name::default())) };
    (@blank $name:ident blank) => { Some(|| $crate::value::Value::native(<$name as $crate::table::Blank>::blank())) };
    (@default $name:ident default) => { Some(|| $crate::value::Value::native($name::default())) };
}

/// Variants with fields, which are written like structs: `variants! { Enum::Variant { field: Type } = a value; }`.
macro_rules! variants {
    ($($(#[doc = $doc:literal])+ $owner:ident::$variant:ident { $($field:ident: $field_ty:ty),* $(,)? } = $blank:expr;)*) => {
        vec![$($crate::table::TypeRow {
            name: concat!(stringify!($owner), "::", stringify!($variant)),
            doc: $crate::table::doc(&[$($doc),+]),
            path: std::any::type_name::<$owner>,
            default: None,
            blank: Some(|| $crate::value::Value::native($blank)),
            fields: vec![$($crate::table::Field {
                name: stringify!($field),
                ty: <$field_ty as $crate::convert::Arg>::ty(),
                set: |target, value| {
                    let value = <$field_ty as $crate::convert::Arg>::take(value)?;
                    if let $owner::$variant { $field, .. } = $crate::table::in_place::<$owner>(target)? {
                        *$field = value;
                    }
                    Ok(())
                },
                get: |_target| Err($crate::value::mismatch("a struct")),
            }),*],
        }),*]
    };
}

pub(crate) use {constants, effect, functions, methods, types, variants};

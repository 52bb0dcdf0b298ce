//! A checked cell: a tree in which every name is resolved and every type is known, ready to be evaluated.

mod children;

use std::sync::{Arc, OnceLock};

use aerostat_error::Span;

use crate::ops::{Arithmetic, Comparison};
use crate::table::{Callable, ScalarKind, TypeRow};
use crate::text::Spec;
use crate::ty::Ty;
use crate::value::Value;

/// An expression or statement.
pub struct Node {
    /// What it does.
    pub kind: Kind,
    /// The type of its value.
    pub ty: Ty,
    /// Where to point if it fails.
    pub span: Span,
}

/// Where a variable lives while the cell runs: a position among the cell's slots.
pub type Slot = usize;

/// A loop or labelled block, by a number of its own.
pub type Exit = usize;

/// A part of a variable that is changed in place.
pub struct Target {
    /// The variable.
    pub slot: Slot,
    /// The way from the variable to the part.
    pub steps: Vec<Step>,
}

/// One step into a value.
pub enum Step {
    /// `[index]`
    Index(Node),
    /// `.0`
    TupleField(usize),
    /// `.field` of a struct of options.
    Field(&'static TypeRow, usize),
    /// `.entry(key).or_insert(default)`
    Entry {
        /// The key.
        key: Node,
        /// What is inserted if there is no such key.
        default: Node,
    },
}

/// What a node does.
pub enum Kind {
    Const(Value),
    /// A constant whose type is known when the whole cell has been checked.
    Deferred(Arc<OnceLock<Value>>),
    Variable(Slot),
    /// A closure, by its position among those of the cell.
    Closure(usize),
    /// Statements; the value is that of the last if `tail`.
    Block {
        statements: Vec<Node>,
        tail: bool,
    },
    /// A statement: the value is dropped, but an error that nobody looked at ends the cell.
    Discard(Box<Node>),
    Let {
        pattern: Pattern,
        value: Option<Box<Node>>,
        otherwise: Option<Box<Node>>,
    },
    Assign {
        target: Box<Target>,
        op: Option<Arithmetic>,
        value: Box<Node>,
    },
    If {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Option<Box<Node>>,
    },
    /// `if let` and `let` inside conditions.
    Matches {
        value: Box<Node>,
        pattern: Pattern,
    },
    Match {
        value: Box<Node>,
        arms: Vec<Arm>,
    },
    /// `'label: { .. }`
    Labelled {
        exit: Exit,
        body: Box<Node>,
    },
    While {
        exit: Exit,
        condition: Box<Node>,
        body: Box<Node>,
    },
    Loop {
        exit: Exit,
        body: Box<Node>,
    },
    For {
        exit: Exit,
        pattern: Pattern,
        iterated: Box<Node>,
        body: Box<Node>,
    },
    Break(Exit, Option<Box<Node>>),
    Continue(Exit),
    Return(Option<Box<Node>>),
    Negate(Box<Node>),
    Not(Box<Node>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>),
    Comparison(Comparison, Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Cast(Box<Node>),
    Call {
        callable: &'static Callable,
        args: Vec<Node>,
    },
    /// A call of the session during which SQL sees these variables of the blocks around it, by name.
    Seeing {
        locals: Vec<(String, Slot)>,
        call: Box<Node>,
    },
    /// The value of `map.entry(key).or_insert(default)`; what is missing is inserted.
    Entry(Box<Target>),
    /// A method that changes its receiver in place.
    Mutate {
        callable: &'static Callable,
        target: Box<Target>,
        args: Vec<Node>,
    },
    Try(Box<Node>),
    Some(Box<Node>),
    Ok(Box<Node>),
    Err(Box<Node>),
    Tuple(Vec<Node>),
    List(Vec<Node>),
    Repeat {
        value: Box<Node>,
        times: Box<Node>,
    },
    Range {
        start: Box<Node>,
        end: Option<Box<Node>>,
        inclusive: bool,
    },
    /// An iterator, run to its end and laid out as a vector.
    LaidOut(Box<Node>),
    Index {
        value: Box<Node>,
        index: Box<Node>,
    },
    Slice {
        value: Box<Node>,
        start: Option<Box<Node>>,
        end: Option<Box<Node>>,
        inclusive: bool,
    },
    TupleField(Box<Node>, usize),
    Struct {
        row: &'static TypeRow,
        fields: Vec<(usize, Node)>,
        base: Box<Node>,
    },
    Field {
        value: Box<Node>,
        row: &'static TypeRow,
        field: usize,
    },
    Format(Box<Format>),
    Print {
        format: Box<Format>,
        stream: Stream,
        newline: bool,
    },
    /// `dbg!`: the value is printed beside its text.
    Dbg {
        value: Box<Node>,
        source: String,
    },
    Panic(Option<Box<Format>>),
    Assert {
        condition: Box<Node>,
        source: String,
        message: Option<Box<Format>>,
    },
    AssertEqual {
        left: Box<Node>,
        right: Box<Node>,
        equal: bool,
        message: Option<Box<Format>>,
    },
    Frame(Vec<(Node, Node)>),
}

/// One arm of a `match`.
pub struct Arm {
    /// What it matches.
    pub pattern: Pattern,
    /// `if ..` behind the pattern.
    pub guard: Option<Node>,
    /// Its value.
    pub body: Node,
}

/// What a value is taken apart by.
pub enum Pattern {
    Ignore,
    Bind {
        slot: Slot,
        inner: Option<Box<Pattern>>,
    },
    Tuple(Vec<Pattern>),
    /// `[first, second, rest @ .., last]`; `rest` is what `..` stands for, if it is there.
    Slice {
        before: Vec<Pattern>,
        rest: Option<Box<Pattern>>,
        after: Vec<Pattern>,
    },
    Some(Box<Pattern>),
    None,
    Ok(Box<Pattern>),
    Err(Box<Pattern>),
    /// `AnyValue::Int64(n)`
    Scalar(&'static ScalarKind, Box<Pattern>),
    Literal(Value),
    Range {
        start: Option<Value>,
        end: Option<Value>,
        inclusive: bool,
    },
    Any(Vec<Pattern>),
}

/// A closure of the cell.
pub struct Closure {
    /// What its arguments are taken apart by.
    pub params: Vec<Pattern>,
    /// What it computes.
    pub body: Node,
}

/// Where `println!` and `eprintln!` write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// A format string with its arguments.
pub struct Format {
    /// Text and placeholders in turn.
    pub pieces: Vec<Piece>,
    /// The arguments, each evaluated once.
    pub args: Vec<Node>,
}

/// A part of a format string.
pub enum Piece {
    /// As it stands.
    Text(String),
    /// An argument.
    Placeholder {
        /// Which argument.
        arg: usize,
        /// How it is written.
        spec: Spec,
        /// `{:5}` or `{:width$}`.
        width: Option<Count>,
        /// `{:.2}` or `{:.digits$}`.
        precision: Option<Count>,
    },
}

/// A width or precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Written in the format string.
    Fixed(usize),
    /// Taken from an argument.
    Arg(usize),
}

impl Node {
    /// The nodes directly inside of this one, in the order of the text.
    pub(crate) fn children(&self) -> Vec<&Node> {
        children::of(self)
    }

    /// A node without a value.
    pub(crate) fn unit(kind: Kind, span: Span) -> Self {
        Self { kind, ty: Ty::Unit, span }
    }

    /// A constant.
    pub(crate) fn constant(value: Value, ty: Ty, span: Span) -> Self {
        Self { kind: Kind::Const(value), ty, span }
    }
}

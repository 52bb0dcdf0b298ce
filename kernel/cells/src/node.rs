//! A checked cell: a tree in which every name is resolved and every type is known, ready to be evaluated.

use std::sync::Arc;

use aerostat_error::Span;

use crate::ops::{Arithmetic, Comparison};
use crate::table::{Callable, TypeRow};
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

/// Where a variable lives.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// In the notebook, from cell to cell.
    Global(Arc<str>),
    /// In a block of this cell.
    Local(usize),
}

/// What a node does.
pub enum Kind {
    Const(Value),
    Variable(Place),
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
        place: Place,
        index: Option<Box<Node>>,
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
    While {
        condition: Box<Node>,
        body: Box<Node>,
    },
    Loop {
        body: Box<Node>,
    },
    For {
        pattern: Pattern,
        iterated: Box<Node>,
        body: Box<Node>,
    },
    Break(Option<Box<Node>>),
    Continue,
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
    /// A method that changes its receiver in place.
    Mutate {
        callable: &'static Callable,
        place: Place,
        args: Vec<Node>,
    },
    Try(Box<Node>),
    Some(Box<Node>),
    Ok(Box<Node>),
    Tuple(Vec<Node>),
    List(Vec<Node>),
    Repeat {
        value: Box<Node>,
        times: Box<Node>,
    },
    Range {
        start: Box<Node>,
        end: Box<Node>,
        inclusive: bool,
    },
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
    Bind { place: Place, ty: Ty, mutable: bool, inner: Option<Box<Pattern>> },
    Tuple(Vec<Pattern>),
    Some(Box<Pattern>),
    None,
    Ok(Box<Pattern>),
    Err(Box<Pattern>),
    Literal(Value),
    Range { start: Option<Value>, end: Option<Value>, inclusive: bool },
    Any(Vec<Pattern>),
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
    /// A node without a value.
    pub(crate) fn unit(kind: Kind, span: Span) -> Self {
        Self { kind, ty: Ty::Unit, span }
    }

    /// A constant.
    pub(crate) fn constant(value: Value, ty: Ty, span: Span) -> Self {
        Self { kind: Kind::Const(value), ty, span }
    }
}

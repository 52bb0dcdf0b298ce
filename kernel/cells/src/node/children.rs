//! What is inside a node, for those that look through a checked cell.

use super::{Format, Kind, Node, Step, Target};

pub(super) fn of(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::Const(_) | Kind::Deferred(_) | Kind::Variable(_) | Kind::Closure(_) | Kind::Continue(_) => Vec::new(),
        Kind::Block { statements, .. } => statements.iter().collect(),
        Kind::Discard(inner)
        | Kind::Labelled { body: inner, .. }
        | Kind::Loop { body: inner, .. }
        | Kind::Matches { value: inner, .. }
        | Kind::Negate(inner)
        | Kind::Not(inner)
        | Kind::Cast(inner)
        | Kind::Try(inner)
        | Kind::Some(inner)
        | Kind::Ok(inner)
        | Kind::Err(inner)
        | Kind::LaidOut(inner)
        | Kind::Dbg { value: inner, .. }
        | Kind::Seeing { call: inner, .. }
        | Kind::TupleField(inner, _)
        | Kind::Field { value: inner, .. } => vec![inner],
        Kind::Break(_, value) | Kind::Return(value) => value.iter().map(|value| &**value).collect(),
        Kind::Let { value, otherwise, .. } => value.iter().chain(otherwise).map(|node| &**node).collect(),
        Kind::Assign { target, value, .. } => target_nodes(target).chain([&**value]).collect(),
        Kind::If { condition, then, otherwise } => {
            [condition, then].into_iter().chain(otherwise).map(|node| &**node).collect()
        }
        Kind::Match { value, arms } => {
            let arms = arms.iter().flat_map(|arm| arm.guard.iter().chain([&arm.body]));
            std::iter::once(&**value).chain(arms).collect()
        }
        Kind::While { condition: a, body: b, .. }
        | Kind::For { iterated: a, body: b, .. }
        | Kind::Arithmetic(_, a, b)
        | Kind::Comparison(_, a, b)
        | Kind::And(a, b)
        | Kind::Or(a, b)
        | Kind::Repeat { value: a, times: b }
        | Kind::Index { value: a, index: b } => vec![a, b],
        Kind::Call { args, .. } | Kind::Tuple(args) | Kind::List(args) => args.iter().collect(),
        Kind::Entry(target) => target_nodes(target).collect(),
        Kind::Mutate { target, args, .. } => target_nodes(target).chain(args).collect(),
        Kind::Range { start, end, .. } => std::iter::once(start).chain(end).map(|node| &**node).collect(),
        Kind::Slice { value, start, end, .. } => {
            std::iter::once(value).chain(start).chain(end).map(|node| &**node).collect()
        }
        Kind::Struct { fields, base, .. } => fields.iter().map(|(_, node)| node).chain([&**base]).collect(),
        Kind::Format(format) | Kind::Print { format, .. } => format.args.iter().collect(),
        Kind::Panic(message) => written(message.as_deref()).collect(),
        Kind::Assert { condition, message, .. } => {
            std::iter::once(&**condition).chain(written(message.as_deref())).collect()
        }
        Kind::AssertEqual { left, right, message, .. } => {
            [&**left, &**right].into_iter().chain(written(message.as_deref())).collect()
        }
        Kind::Frame(columns) => columns.iter().flat_map(|(name, values)| [name, values]).collect(),
    }
}

fn target_nodes(target: &Target) -> impl Iterator<Item = &Node> {
    target.steps.iter().flat_map(|step| match step {
        Step::Index(index) => vec![index],
        Step::Entry { key, default } => vec![key, default],
        Step::TupleField(_) | Step::Field(..) => Vec::new(),
    })
}

fn written(message: Option<&Format>) -> impl Iterator<Item = &Node> {
    message.into_iter().flat_map(|message| &message.args)
}

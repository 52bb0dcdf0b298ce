//! The code around a cell.

use std::ops::Range;

use aerostat_bridge::Variable;

use crate::source::{Bound, Keep, Role, Source};
use crate::state::State;
use crate::types::MODULE;

/// What the traits are that decide what is done with a value.
const TRAITS: &str = "#[allow(unused_imports)] use ::aerostat_prelude::cell::{Finish as _, FinishResult as _, Keep as _, \
    KeepCopy as _, KeepCrossing as _, KeepReferenced as _, Show as _, ShowCellText as _, ShowCrossing as _, ShowDebug as _, ShowResult as _, \
    Snapshot as _, SnapshotCopy as _, SnapshotCrossing as _};\n";

const HOLDER: &str = "::aerostat_prelude::cell::Holder::new";

/// What stands at the end of a generated line about a variable.
const MARK: &str = "//~ ";

/// A variable that a cell finds when it begins.
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) mutable: bool,
    /// Where it is held, and so how it is had.
    pub(crate) held: Held,
    /// Whether it is kept at the end of the cell, as it may have been changed or moved.
    pub(crate) kept: bool,
}

/// Where a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// In the kernel.
    Kernel,
    /// In the process, which makes a copy.
    Copy,
    /// In the process, which gives it away.
    Taken,
}

/// The text that is compiled, and where in it the lines of the cell are.
pub(crate) struct Generated {
    pub(crate) module: String,
    pub(crate) lines: Lines,
}

/// Which lines of a text are lines of the cell; both count from 1.
#[derive(Default)]
pub(crate) struct Lines(Vec<(Range<usize>, usize)>);

impl Lines {
    /// The line of the cell that a line of the text is.
    pub(crate) fn in_cell(&self, line: usize) -> Option<usize> {
        let (range, first) = self.0.iter().find(|(range, _)| range.contains(&line))?;
        Some(first + line - range.start)
    }
}

impl Found {
    /// A variable of the kernel.
    pub(crate) fn in_kernel(variable: &Variable) -> Self {
        let Variable { name, ty, mutable, .. } = variable;
        Self { name: name.clone(), ty: ty.clone(), mutable: *mutable, held: Held::Kernel, kept: *mutable }
    }
}

/// What evcxr is given after the module.
pub(crate) fn statement() -> String {
    format!("let _ = {MODULE}::run();\n")
}

/// The module of a cell.
pub(crate) fn generate(source: &Source<'_>, state: &State, found: &[Found]) -> Generated {
    let mut text = Text { out: String::new(), line: 1, lines: Lines::default() };
    text.code(&format!("#[allow(warnings)]\nmod {MODULE} {{\nuse ::aerostat_prelude::prelude::*;\n"));
    state.items_for(source).for_each(|item| text.code(&format!("{item}\n")));
    source.items.iter().for_each(|item| text.verbatim(source.code, &item.range));
    text.code("pub(super) fn run() {\n");
    text.code(TRAITS);
    text.code("::aerostat_prelude::cell::run(|__cell| {\nlet session = __cell.session();\n");
    found.iter().for_each(|variable| text.code(&load(variable)));
    text.code("let __outcome = ::aerostat_prelude::cell::guarded(");
    text.code("|| -> ::core::result::Result<(), ::aerostat_prelude::cell::Failed> {\n");
    text.code(if source.awaits { "::aerostat_prelude::cell::block_on(async {\n" } else { "" });
    body(&mut text, source);
    text.code("::core::result::Result::<(), ::aerostat_prelude::cell::Failed>::Ok(())\n");
    text.code(if source.awaits { "})\n" } else { "" });
    text.code("});\n");
    for variable in found.iter().filter(|variable| variable.kept) {
        text.code(&keep(&variable.name, variable.mutable));
    }
    text.code("__outcome\n});\n}\n}\n");
    Generated { module: text.out, lines: text.lines }
}

/// The statements, and what is done about their values and variables.
fn body(text: &mut Text, source: &Source<'_>) {
    let kept = |keep: Keep| source.bound.iter().filter(move |(_, bound)| bound.keep == keep);
    for (index, statement) in source.statements.iter().enumerate() {
        match statement.role {
            Role::Plain => text.verbatim(source.code, &statement.range),
            Role::Call => text.wrapped(&format!("(&&{HOLDER}(\n"), source, &statement.range, ")).finish()?;\n"),
            Role::Shown => text.wrapped(&format!("(&&&&&{HOLDER}(&(\n"), source, &statement.range, "))).show()?;\n"),
        }
        for (name, Bound { mutable, .. }) in kept(Keep::AtOnce).filter(|(_, bound)| bound.statement == index) {
            text.code(&format!("(&&&{HOLDER}(&{name})).snapshot(__cell, {name:?}, {mutable}); {MARK}{name}\n"));
        }
    }
    kept(Keep::AtEnd).for_each(|(name, bound)| text.code(&keep(name, bound.mutable)));
}

fn load(Found { name, ty, mutable, held, .. }: &Found) -> String {
    let mutable = if *mutable { "mut " } else { "" };
    let method = match held {
        Held::Kernel => "arrived",
        Held::Copy => "copied",
        Held::Taken => "taken",
    };
    format!("let {mutable}{name}: {ty} = __cell.{method}({name:?})?; {MARK}{name}\n")
}

fn keep(name: &str, mutable: bool) -> String {
    format!("(&&&&{HOLDER}({name})).keep(__cell, {name:?}, {mutable}); {MARK}{name}\n")
}

/// The variable that a generated line is about.
pub(crate) fn variable_of(line: &str) -> Option<&str> {
    line.split_once(MARK).map(|(_, name)| name.trim())
}

/// A text that grows, and knows at which line it is.
struct Text {
    out: String,
    line: usize,
    lines: Lines,
}

impl Text {
    fn code(&mut self, code: &str) {
        self.out.push_str(code);
        self.line += code.matches('\n').count();
    }

    /// A part of the cell on lines of its own, in the columns in which it stands in the cell.
    fn verbatim(&mut self, code: &str, range: &Range<usize>) {
        let line_start = code[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
        let pad = code[line_start..range.start].chars().map(|c| if c == '\t' { '\t' } else { ' ' });
        self.out.extend(pad);
        let first = code[..range.start].matches('\n').count() + 1;
        let start = self.line;
        self.code(&format!("{}\n", &code[range.clone()]));
        self.lines.0.push((start..self.line, first));
    }

    fn wrapped(&mut self, before: &str, source: &Source<'_>, range: &Range<usize>, after: &str) {
        self.code(before);
        self.verbatim(source.code, range);
        self.code(after);
    }
}

//! Magics: what a cell can do beside Rust. One table says what there is.

mod capture;
mod compiled;
mod environment;
mod listing;
mod plot;
pub(super) mod shell;
pub(super) mod sql;
mod time;
mod timeit;
mod variables;

use aerostat_cells::{Completion, Completions};
use aerostat_error::{Error, Object, Result};

use super::segment::Part;
use super::{Notebook, Shown};

/// Where a magic stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `%name`, with the rest of the line.
    Line,
    /// `%%name`, with the rest of the cell.
    Cell,
}

/// What the text of a magic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Words of its own.
    Words,
    /// A cell.
    Cell,
    /// SQL.
    Sql,
}

/// One magic.
pub(super) struct Magic {
    name: &'static str,
    places: &'static [Place],
    pub(super) holds: Holds,
    usage: &'static str,
    doc: &'static str,
    /// What it does.
    pub(super) run: fn(&mut Notebook, &Call<'_>) -> Result<Shown>,
}

/// A use of a magic.
pub(super) struct Call<'a> {
    /// Where it stands.
    pub(super) place: Place,
    /// Its name.
    pub(super) name: Part<'a>,
    /// The rest of its line.
    pub(super) args: Part<'a>,
    /// The rest of the cell, for a cell magic.
    pub(super) body: Part<'a>,
}

const LINE: &[Place] = &[Place::Line];
const CELL: &[Place] = &[Place::Cell];
const BOTH: &[Place] = &[Place::Line, Place::Cell];

/// Dispatch, `%lsmagic`, completion inside and outside of magics, and explanations all read this table.
static MAGICS: &[Magic] = &[
    Magic {
        name: "sql",
        places: BOTH,
        holds: Holds::Sql,
        usage: "%%sql [NAME << | -o NAME] [--plot KIND x=COLUMN y=COLUMN,..]",
        doc: "Run SQL statements. Tables, temporary views and DataFrame variables are visible by name. Every result is \
              shown; `NAME <<` keeps the last one as a variable instead, `-o NAME` keeps it as well. `--plot bar x=month \
              y=placed,cancelled` draws the last one: any kind of chart that `frame.plot()` has, with its options as \
              settings such as `title=\"Orders\"`. `:name` is the value of a widget or variable.",
        run: sql::run,
    },
    Magic {
        name: "sh",
        places: BOTH,
        holds: Holds::Words,
        usage: "%%sh",
        doc: "Run the cell as a shell script, showing its output as it comes. `!COMMAND` runs one command.",
        run: shell::run_script,
    },
    Magic {
        name: "rust",
        places: CELL,
        holds: Holds::Cell,
        usage: "%%rust",
        doc: "Compile the cell, also if it could be interpreted.",
        run: compiled::rust,
    },
    Magic {
        name: "dep",
        places: LINE,
        holds: Holds::Words,
        usage: "%dep NAME = \"VERSION\"",
        doc: "Add a crate for compiled cells, as `Cargo.toml` would name it: `%dep regex = \"1\"`, or \
              `%dep rand = { version = \"0.9\", features = [\"small_rng\"] }`. `:dep` does the same.",
        run: compiled::dep,
    },
    Magic {
        name: "opt",
        places: LINE,
        holds: Holds::Words,
        usage: "%opt LEVEL",
        doc: "Choose how much compiled cells are optimised, from 0 (the default, quick to compile) to 3 (quick to run).",
        run: compiled::opt,
    },
    Magic {
        name: "time",
        places: BOTH,
        holds: Holds::Cell,
        usage: "%time CODE",
        doc: "Run the code, or with %%time the rest of the cell, and print how long it took, and what of an interpreted \
              cell was the kernel's own share.",
        run: time::run,
    },
    Magic {
        name: "timeit",
        places: BOTH,
        holds: Holds::Cell,
        usage: "%timeit [-n LOOPS] [-r RUNS] CODE",
        doc: "Run the code again and again, and print what it takes on average; what it puts out is not shown. With \
              %%timeit that is the rest of the cell, and CODE is run once before.",
        run: timeit::run,
    },
    Magic {
        name: "capture",
        places: CELL,
        holds: Holds::Cell,
        usage: "%%capture [NAME] [--no-stdout] [--no-stderr] [--no-display]",
        doc: "Run the cell and show nothing of what it puts out. NAME keeps it: `NAME.show()` shows it, `NAME.stdout()` \
              is what was printed. The options let one kind of output through.",
        run: capture::run,
    },
    Magic {
        name: "tables",
        places: LINE,
        holds: Holds::Words,
        usage: "%tables",
        doc: "Show the tables and temporary views of the current schema.",
        run: listing::tables,
    },
    Magic {
        name: "databases",
        places: LINE,
        holds: Holds::Words,
        usage: "%databases",
        doc: "Show the schemas of the metastore.",
        run: listing::databases,
    },
    Magic {
        name: "who",
        places: LINE,
        holds: Holds::Words,
        usage: "%who",
        doc: "List the names of the variables.",
        run: variables::who,
    },
    Magic {
        name: "whos",
        places: LINE,
        holds: Holds::Words,
        usage: "%whos",
        doc: "List the variables with their types and values or shapes.",
        run: variables::whos,
    },
    Magic {
        name: "env",
        places: LINE,
        holds: Holds::Words,
        usage: "%env [NAME | NAME=VALUE | NAME VALUE]",
        doc: "List the environment variables, show one, or set one for this kernel.",
        run: environment::env,
    },
    Magic {
        name: "use",
        places: LINE,
        holds: Holds::Words,
        usage: "%use [DIR]",
        doc: "Change to the metastore under DIR, which is created if need be. Variables and temporary views are dropped. \
              Without DIR, tell which one is used.",
        run: environment::use_root,
    },
    Magic {
        name: "lsmagic",
        places: LINE,
        holds: Holds::Words,
        usage: "%lsmagic",
        doc: "List the magics.",
        run: listing::lsmagic,
    },
];

impl Place {
    /// What the magic's name begins with.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Line => "%",
            Self::Cell => "%%",
        }
    }
}

/// All magics as they are written.
fn spellings() -> impl Iterator<Item = (Place, &'static Magic, String)> {
    let spell = |magic: &'static Magic| {
        magic.places.iter().map(move |place| (*place, magic, format!("{}{}", place.prefix(), magic.name)))
    };
    MAGICS.iter().flat_map(spell)
}

/// The magic that is called `name` at `place`.
pub(super) fn find(place: Place, name: &str) -> Result<&'static Magic> {
    let written = format!("{}{name}", place.prefix());
    spellings()
        .find(|(_, _, spelling)| *spelling == written)
        .map(|(_, magic, _)| magic)
        .ok_or_else(|| Error::not_found_among(Object::Magic, &written, spellings().map(|(_, _, spelling)| spelling)))
}

/// Usage and purpose of the magic that is written `spelling`.
pub(super) fn explain(spelling: &str) -> Option<String> {
    let (_, magic, _) = spellings().find(|(_, _, other)| other == spelling)?;
    Some(format!("{}\n\n{}", magic.usage, magic.doc))
}

/// The magics that `line`, the text from the beginning of the line at byte `at` up to the cursor, could become.
pub(super) fn complete(line: &str, at: usize) -> Option<Completions> {
    let is_magic = line.starts_with('%') && !line.contains(char::is_whitespace);
    let fits = |(place, _, spelling): &(Place, &Magic, String)| {
        // Only the first line can hold a cell magic.
        spelling.starts_with(line) && (*place == Place::Line || at == 0)
    };
    is_magic.then(|| Completions {
        start: at,
        end: at + line.len(),
        matches: spellings().filter(fits).map(|(_, _, text)| Completion { text, kind: "magic" }).collect(),
    })
}

impl Call<'_> {
    /// An error unless nothing follows the name.
    fn no_args(&self) -> Result<()> {
        if self.args.text.is_empty() {
            return Ok(());
        }
        let message = format!("`{}{}` takes no arguments", self.place.prefix(), self.name.text);
        Err(Error::invalid_argument(message).with_span(self.args.span()))
    }
}

impl Shown {
    /// A value and nothing else.
    fn result(result: impl Into<Option<aerostat_session::MimeBundle>>) -> Self {
        Self { result: result.into(), ..Self::default() }
    }
}

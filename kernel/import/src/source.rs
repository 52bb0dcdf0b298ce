//! A notebook as it was, whatever its format.

/// A notebook.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Note {
    /// Its cells, in order.
    pub(crate) cells: Vec<Cell>,
}

/// A cell.
#[derive(Debug, PartialEq)]
pub(crate) struct Cell {
    /// The title above it.
    pub(crate) title: Option<String>,
    /// What it is written in.
    pub(crate) language: Language,
    /// Its text, without what named the language.
    pub(crate) text: String,
    /// Whether it runs.
    pub(crate) enabled: bool,
}

/// What a cell is written in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Markdown,
    Sql,
    Shell,
    Python,
    Scala,
    /// By the name that the notebook has for it.
    Other(String),
}

impl Language {
    /// The language that Zeppelin's interpreters and Databricks' magics call `name`.
    pub(crate) fn named(name: &str) -> Self {
        let name = name.to_lowercase();
        // Zeppelin writes the group of an interpreter before its name.
        let last = name.rsplit('.').next().unwrap_or_default();
        match last {
            "md" | "markdown" | "md-sandbox" => Self::Markdown,
            "sql" | "hive" | "jdbc" => Self::Sql,
            "sh" | "bash" | "shell" => Self::Shell,
            "pyspark" | "python" | "ipyspark" | "ipython" | "python3" => Self::Python,
            "scala" | "spark" => Self::Scala,
            _ => Self::Other(name),
        }
    }

    /// The name by which reports and highlighters know it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Markdown => "markdown",
            Self::Sql => "sql",
            Self::Shell => "sh",
            Self::Python => "python",
            Self::Scala => "scala",
            Self::Other(name) => name,
        }
    }
}

//! Looking for damage: nothing is repaired, everything is told.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aerostat_error::Result;

use crate::metastore::Metastore;
use crate::types::{Format, TableInfo, TableKind};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The table, folder or file.
    pub place: String,
    /// What is wrong with it.
    pub problem: String,
    /// Whether something cannot be read; else it only takes space.
    pub is_damage: bool,
}

impl Finding {
    fn damage(place: impl ToString, problem: impl ToString) -> Self {
        Self { place: place.to_string(), problem: problem.to_string(), is_damage: true }
    }

    fn leftover(place: &Path, problem: &str) -> Self {
        Self { place: place.display().to_string(), problem: problem.to_owned(), is_damage: false }
    }
}

impl Metastore {
    /// Looks at the metastore itself, at the log and files of each table, and for folders that belong to no table.
    pub fn check(&self) -> Result<Vec<Finding>> {
        let mut findings = self.check_database()?;
        let mut known = BTreeSet::new();
        let mut parents = BTreeSet::new();
        for schema in self.schemas()? {
            for table in self.tables(&schema.name)? {
                findings.extend(self.check_table(&table));
                known.extend(table.location);
            }
            parents.insert(schema.location);
        }
        known.extend(self.dropped_locations()?);
        known.extend(parents.iter().cloned());
        for folder in parents.iter().flat_map(|parent| folders(parent)).filter(|folder| !known.contains(folder)) {
            findings.push(Finding::leftover(&folder, "belongs to no table: its creation was interrupted"));
        }
        Ok(findings)
    }

    /// What SQLite finds in its file.
    fn check_database(&self) -> Result<Vec<Finding>> {
        let problems: Vec<String> = self.database().read(|connection| {
            connection.prepare("PRAGMA integrity_check")?.query_map([], |row| row.get(0))?.collect()
        })?;
        let bad = problems.into_iter().filter(|problem| problem != "ok");
        Ok(bad.map(|problem| Finding::damage("metastore.sqlite", problem)).collect())
    }

    fn check_table(&self, table: &TableInfo) -> Vec<Finding> {
        let (Some(location), true) = (&table.location, table.kind != TableKind::View) else { return Vec::new() };
        if table.format != Format::Delta {
            let there = location.exists() || location.to_string_lossy().contains(['*', '?', '[']);
            let gone = (!there).then(|| Finding::damage(&table.name, format!("`{}` is gone", location.display())));
            return gone.into_iter().collect();
        }
        let snapshot = match self.snapshot(location, None) {
            Ok(snapshot) => snapshot,
            Err(error) => return vec![Finding::damage(&table.name, error)],
        };
        let lost = snapshot.files.iter().filter_map(|file| match std::fs::metadata(&file.path) {
            Ok(data) if data.len() == file.size => None,
            Ok(data) => Some(format!("`{}` has {} bytes instead of {}", file.path.display(), data.len(), file.size)),
            Err(error) => Some(format!("`{}` cannot be read: {error}", file.path.display())),
        });
        lost.map(|problem| Finding::damage(&table.name, problem)).collect()
    }

    /// The folders that tables have had, dropped or not.
    fn dropped_locations(&self) -> Result<Vec<PathBuf>> {
        self.database().read(|connection| {
            connection
                .prepare("SELECT location FROM tables WHERE location NOTNULL")?
                .query_map([], |row| Ok(self.root().join(row.get::<_, String>(0)?)))?
                .collect()
        })
    }
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let visible = |path: &PathBuf| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).filter(visible).collect()
}

//! Creating tables and views.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aerostat_error::{Error, Kind, Object, Result};
use rusqlite::{Connection, named_params};

use crate::database::{Json, failed, now, stored_path, table_named};
use crate::metastore::Metastore;
use crate::name::{TableName, key, valid};
use crate::schemas::user;
use crate::types::{Format, NewTable, NewView, OnExists, TableInfo, TableKind, View};
use crate::{delta, folder};

/// What Databricks wants to be said before a column may have a default; here it goes without saying.
const COLUMN_DEFAULTS: &str = "delta.feature.allowColumnDefaults";

/// What goes into a row of `tables`, for tables and views alike.
struct NewRow<'a> {
    name: &'a TableName,
    kind: TableKind,
    format: Format,
    location: Option<String>,
    columns: Option<String>,
    partition_columns: &'a [String],
    view: Option<&'a View>,
    comment: Option<&'a str>,
    properties: &'a BTreeMap<String, String>,
    options: &'a BTreeMap<String, String>,
}

impl Metastore {
    /// A new, empty folder for the files of a managed table about to be created under this name.
    pub fn new_location(&self, name: &TableName) -> Result<PathBuf> {
        let schema = self.schema(&name.schema)?;
        folder::reserve(&schema.location, &name.table, |path| self.had_table(path))
    }

    /// Whether a managed table, dropped or not, has its files in this folder.
    fn had_table(&self, location: &Path) -> Result<bool> {
        let stored = stored_path(self.root(), location)?;
        self.database().read(|connection| {
            connection.prepare_cached("SELECT 1 FROM tables WHERE location = ?1 AND kind = 'MANAGED'")?.exists([stored])
        })
    }

    /// Creates a table: commits the first version of its log (if it is a Delta table without one), then the name.
    pub fn create_table(&self, mut new: NewTable) -> Result<TableInfo> {
        valid(Object::Table, &new.name.table)?;
        self.schema(&new.name.schema)?;
        if let Some(there) = self.find_table(&new.name)? {
            // Somebody was faster: the folder that was reserved for this one is nobody's.
            if let Some(location) = new.location.filter(|_| new.kind == TableKind::Managed)
                && self.reserved(&location, &new.name).is_ok()
            {
                let _ = std::fs::remove_dir_all(&location);
            }
            return Err(taken(&there));
        }
        check(&new)?;
        let location = self.location_of(&new)?;
        let created = self.create_at(&location, &mut new);
        if created.is_err() && new.kind == TableKind::Managed && matches!(self.had_table(&location), Ok(false)) {
            // The name went to somebody else, or the files could not be committed: nothing refers to the folder.
            let _ = std::fs::remove_dir_all(&location);
        }
        created.and_then(|()| self.table(&new.name))
    }

    /// Where the files of a table about to be created are.
    fn location_of(&self, new: &NewTable) -> Result<PathBuf> {
        match (&new.location, new.kind) {
            (Some(location), TableKind::Managed) => self.reserved(location, &new.name).map(|()| location.clone()),
            (Some(location), _) => std::path::absolute(location)
                .map_err(|e| Error::io(format!("resolving the path `{}`", location.display()), &e)),
            (None, TableKind::Managed) => self.new_location(&new.name),
            (None, _) => Err(Error::invalid_argument(format!("the external table `{}` has no location", new.name))),
        }
    }

    /// Whether the folder can be one from `new_location`. It is removed if the table is not created after all.
    fn reserved(&self, location: &Path, name: &TableName) -> Result<()> {
        let schema = self.schema(&name.schema)?;
        if location.parent() == Some(&schema.location) && !self.had_table(location)? {
            return Ok(());
        }
        Err(Error::internal(format!("`{}` was not reserved for the table `{name}`", location.display())))
    }

    fn create_at(&self, location: &Path, new: &mut NewTable) -> Result<()> {
        if new.format == Format::Delta {
            delta::create(location, new)?;
            new.columns = None;
        }
        let columns = new.columns.as_ref().map(|columns| delta::schema_to_json(&columns.schema)).transpose()?;
        let row = NewRow {
            name: &new.name,
            kind: new.kind,
            format: new.format,
            location: Some(stored_path(self.root(), location)?),
            columns,
            partition_columns: new.columns.as_ref().map_or(&[], |columns| &columns.partition_columns),
            view: None,
            comment: new.comment.as_deref(),
            properties: &new.properties,
            options: &new.options,
        };
        self.insert(&row, OnExists::Error)
    }

    /// Creates a view.
    pub fn create_view(&self, new: NewView, on_exists: OnExists) -> Result<()> {
        valid(Object::View, &new.name.table)?;
        let row = NewRow {
            name: &new.name,
            kind: TableKind::View,
            format: Format::Delta,
            location: None,
            columns: None,
            partition_columns: &[],
            view: Some(&new.view),
            comment: new.comment.as_deref(),
            properties: &new.properties,
            options: &Default::default(),
        };
        self.insert(&row, on_exists)
    }

    /// Takes the name, if it is free or `on_exists` says what else to do.
    fn insert(&self, row: &NewRow, on_exists: OnExists) -> Result<()> {
        let found = self.database().write(|transaction| {
            let Some(schema) = self.stored_schema(transaction, &row.name.schema)? else { return Ok(false) };
            if let Some(there) = table_named(self.root(), transaction, row.name).map_err(failed)? {
                match on_exists {
                    OnExists::Ignore => return Ok(true),
                    OnExists::Replace if there.info.kind == row.kind => {
                        transaction.execute("DELETE FROM tables WHERE id = ?1", [there.id]).map_err(failed)?;
                    }
                    _ => return Err(taken(&there.info)),
                }
            }
            row.insert(transaction, schema.id)?;
            Ok(true)
        })?;
        if found { Ok(()) } else { Err(self.schema_not_found(&row.name.schema)) }
    }
}

impl NewRow<'_> {
    fn insert(&self, connection: &Connection, schema_id: i64) -> Result<()> {
        connection
            .execute(
                "INSERT INTO tables (schema_id, name, key, kind, format, location, columns, partition_columns, view,
                     comment, properties, options, owner, created_at)
                 VALUES (:schema_id, :name, :key, :kind, :format, :location, :columns, :partition_columns, :view,
                     :comment, :properties, :options, :owner, :created_at)",
                named_params! {
                    ":schema_id": schema_id,
                    ":name": self.name.table,
                    ":key": key(&self.name.table),
                    ":kind": self.kind,
                    ":format": self.format,
                    ":location": self.location,
                    ":columns": self.columns,
                    ":partition_columns": Json(self.partition_columns),
                    ":view": self.view.map(Json),
                    ":comment": self.comment,
                    ":properties": Json(self.properties),
                    ":options": Json(self.options),
                    ":owner": user(),
                    ":created_at": now(),
                },
            )
            .map_err(failed)?;
        Ok(())
    }
}

/// The error for a name that is taken, naming what has it.
pub(crate) fn taken(there: &TableInfo) -> Error {
    let object = if there.kind == TableKind::View { Object::View } else { Object::Table };
    Error::already_exists(object, &there.name)
}

/// Whether the parts of a table to be created fit together.
fn check(new: &NewTable) -> Result<()> {
    if let Some(columns) = &new.columns {
        delta::check_columns(columns)?;
    }
    let problem = match new.kind {
        TableKind::View => "a view is not created as a table",
        TableKind::Managed if new.columns.is_none() => "a managed table needs columns",
        TableKind::External if !new.files.is_empty() => "files are added to an external table after its creation",
        TableKind::Managed if new.format != Format::Delta && !new.files.is_empty() => {
            "files are added to a table without a log after its creation"
        }
        _ => return delta_properties(new),
    };
    Err(Error::new(Kind::InvalidArgument, problem))
}

/// Properties that tell Delta how to treat the table are refused rather than kept without effect.
fn delta_properties(new: &NewTable) -> Result<()> {
    let refused = |name: &&String| name.starts_with("delta.") && *name != COLUMN_DEFAULTS;
    match new.properties.keys().find(refused) {
        Some(name) => Err(Error::not_supported(format!("the table property `{name}` is not supported"))),
        None => Ok(()),
    }
}

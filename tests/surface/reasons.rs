//! Why a public function of polars is not in the table: the one list of exceptions.

use syn::visit::Visit;

use super::sources::Function;

/// How a function stands to the table.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A cell must be able to call it.
    Wanted,
    /// Not asked for: it takes a closure, or polars advises against it.
    Excluded(&'static str),
    /// It needs a feature of polars that is not built.
    NotBuilt(String),
    /// Public for polars' own crates.
    Internal(String),
}

/// Types that only polars' own crates work with: a signature that has one is not for users.
const INTERNAL_TYPES: &[(&str, &str)] = &[
    ("ArrayRef", "an array of polars-arrow"),
    ("PrimitiveArray", "an array of polars-arrow"),
    ("ParameterFreeDtypeStaticArray", "an array of polars-arrow"),
    ("OffsetsBuffer", "a buffer of polars-arrow"),
    ("Bitmap", "a bitmap of polars-arrow"),
    ("BitRepr", "a bitmap of polars-arrow"),
    ("ArrowSchema", "a schema of polars-arrow"),
    ("ArrowSchemaRef", "a schema of polars-arrow"),
    ("ArrowField", "a schema of polars-arrow"),
    ("RecordBatch", "a batch of polars-arrow"),
    ("RecordBatchT", "a batch of polars-arrow"),
    ("View", "a view of polars-arrow"),
    ("IpcField", "a field of polars-arrow's IPC"),
    ("FileMetadata", "the metadata of polars-parquet"),
    ("FileMetadataRef", "the metadata of polars-parquet"),
    ("RowGroupMetadata", "the metadata of polars-parquet"),
    ("Metadata", "the metadata of polars-arrow"),
    ("Encoding", "an encoding of polars-parquet"),
    ("BatchedWriter", "a writer of batches for polars' engine"),
    ("Arena", "the optimiser's arena"),
    ("IR", "the optimiser's plan"),
    ("IRPlan", "the optimiser's plan"),
    ("HintIR", "the optimiser's hint, which polars' prelude does not export"),
    ("AExprSorted", "the optimiser's flag, which polars' prelude does not export"),
    ("FunctionExpr", "the optimiser's function"),
    ("OpaqueColumnUdf", "a function"),
    ("UnitVec", "a container of polars-utils"),
    ("InProcessQuery", "a running query, which the session holds itself"),
    ("GroupsSlice", "raw groups"),
    ("GroupsType", "raw groups"),
    ("InnerJoinIds", "raw row numbers of a join"),
    ("LeftJoinIds", "raw row numbers of a join"),
    ("ChunkJoinOptIds", "raw row numbers of a join"),
    ("PlSeedableRandomStateQuality", "a hasher"),
    ("Row", "rows, which polars' prelude does not export"),
    ("ScalarColumn", "a column's inside, which polars' prelude does not export"),
    ("Logical", "a logical array's inside"),
    ("Tz", "a time zone of chrono-tz"),
    ("Window", "a window's inside"),
    ("FrozenCategories", "categories' inside"),
    ("ReaderBytes", "raw bytes of a reader"),
    ("ByteSourceReader", "raw bytes of a reader"),
    ("CompressedReader", "raw bytes of a reader"),
    ("PathCompiled", "a compiled JSON path"),
    ("SerializeOptions", "options of a private writer"),
    ("PlRefStr", "a path's inside"),
    ("DataTypeSelector", "a selector's inside"),
    ("PlIndexSet", "a set of polars-utils"),
    ("PlHashSet", "a set of polars-utils"),
    ("GroupByMethod", "an aggregation's inside"),
    ("PolarsCategoricalType", "a type parameter of polars-core"),
    ("PolarsPhysicalType", "a type parameter of polars-core"),
    ("PolarsIntegerType", "a type parameter of polars-core"),
    ("PolarsDataType", "a type parameter of polars-core"),
    ("SchemaNamesAndDtypes", "a type parameter of polars-schema"),
    ("Deserialize", "a type parameter of serde"),
    ("CloudOptions", "options of remote files, which are not built"),
];

/// Single functions, by `Owner::name`; free ones by their name alone.
const INTERNAL_FUNCTIONS: &[(&str, &str)] = &[
    ("Series::as_single_ptr", "gives a memory address"),
    ("Series::try_new", "generic over conversions that cells make in `Series::new`"),
    ("Series::deserialize_from_reader", "reads from a borrowed stream"),
    ("DataFrame::deserialize_from_reader", "reads from a borrowed stream"),
    ("DataFrame::get_row_amortized", "fills a row that polars' prelude does not export"),
    ("JsonReader::with_schema_overwrite", "borrows the schema for as long as the reader lives"),
    ("MetaNameSpace::into_tree_formatter", "gives a formatter"),
    ("impl_duration", "a kernel on columns behind `duration`"),
    ("str_format", "a kernel on columns behind `format_str`"),
    ("materialize_projection", "a step of a reader"),
    ("materialize_empty_df", "a step of a reader"),
    ("json_lines", "a step of a reader"),
    ("is_json_line", "a step of a reader"),
    ("parse_ndjson", "a step of a reader"),
    ("remove_bom", "a step of a reader"),
    ("count_rows", "a step of a reader"),
    ("count_rows_from_slice_par", "a step of a reader"),
    ("estimate_n_lines_in_file", "a step of a reader"),
    ("estimate_n_lines_in_chunk", "a step of a reader"),
    ("decode_file_uri_paths", "a step of a reader"),
    ("expanded_from_single_directory", "a step of a reader"),
    ("resolve_homedir", "a step of a reader"),
    ("overwrite_schema", "a step of a reader"),
    ("get_reader_bytes", "a step of a reader"),
    ("try_set_sorted_flag", "a step of a reader"),
    ("create_dir_owner_only", "a step of a writer"),
    ("private_left_join_multiple_keys", "a step of a join"),
    ("convert_and_bound_index", "a step of `gather`"),
    ("rle_lengths", "fills a buffer"),
    ("indexes_to_usizes", "a step of a join"),
    ("substring_ternary_offsets_value", "a step of `str().slice`"),
    ("slice_broadcast_list", "a step of `list().slice`"),
    ("lst_get", "a kernel on arrays behind `list().get`"),
    ("bin_get", "a kernel on arrays behind `binary().get`"),
    ("hor_str_concat", "a kernel on arrays behind `concat_str`"),
    ("list_set_operation", "a kernel on arrays behind `list().union` and its relatives"),
    ("ensure_same_categories", "a check inside polars"),
];

/// How `function`, whose full name is `name`, stands to the table.
pub fn standing(function: &Function, name: &str) -> Standing {
    let mut names = Names::default();
    names.visit_signature(&function.sig);
    let names = names.0;
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    if let Some(feature) = &function.missing {
        return Standing::NotBuilt(feature.clone());
    }
    if function.deprecated {
        return Standing::Excluded("deprecated");
    }
    if has(&["Fn", "FnMut", "FnOnce", "PlanCallback", "AnonymousScan", "AnonymousColumnsUdf", "InspectContentFn"]) {
        return Standing::Excluded("takes a closure");
    }
    if function.sig.unsafety.is_some() {
        return Standing::Excluded("unsafe");
    }
    if function.hidden || function.name.starts_with('_') {
        return Standing::Internal("hidden from polars' documentation".into());
    }
    if function.sig.asyncness.is_some() || has(&["dyn"]) {
        return Standing::Internal("for polars' own engines".into());
    }
    let ty = INTERNAL_TYPES.iter().find(|(ty, _)| has(&[ty]));
    let own = INTERNAL_FUNCTIONS.iter().find(|(function, _)| *function == name);
    match (ty, own) {
        (Some((ty, what)), _) => Standing::Internal(format!("`{ty}`: {what}")),
        (None, Some((_, reason))) => Standing::Internal((*reason).into()),
        (None, None) => Standing::Wanted,
    }
}

/// Exceptions that no function needs: they would hide a gap some day.
pub fn unused(functions: &[(String, Function)]) -> Vec<&'static str> {
    let is_function = |wanted: &str| functions.iter().any(|(name, _)| name == wanted);
    let is_type = |wanted: &str| {
        functions.iter().any(|(_, function)| {
            let mut names = Names::default();
            names.visit_signature(&function.sig);
            names.0.iter().any(|name| name == wanted)
        })
    };
    let functions = INTERNAL_FUNCTIONS.iter().map(|(name, _)| *name).filter(|name| !is_function(name));
    functions.chain(INTERNAL_TYPES.iter().map(|(ty, _)| *ty).filter(|ty| !is_type(ty))).collect()
}

/// The names of all types and traits in a signature.
#[derive(Default)]
struct Names(Vec<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        self.0.push(segment.ident.to_string());
        syn::visit::visit_path_segment(self, segment);
    }
    fn visit_type_bare_fn(&mut self, _function: &'ast syn::TypeBareFn) {
        self.0.push("Fn".into());
    }
    fn visit_type_trait_object(&mut self, object: &'ast syn::TypeTraitObject) {
        self.0.push("dyn".into());
        syn::visit::visit_type_trait_object(self, object);
    }
}

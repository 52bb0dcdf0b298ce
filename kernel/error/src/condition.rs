//! Error conditions of SQL, by Spark's names and with the SQLSTATE of the standard.

/// A condition: what jobs that come from Spark match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Spark's name, e.g. `DIVIDE_BY_ZERO`.
    pub name: &'static str,
    /// Five characters, e.g. `22012`.
    pub sqlstate: &'static str,
}

impl Condition {
    /// The condition of that name.
    const fn new(name: &'static str, sqlstate: &'static str) -> Self {
        Self { name, sqlstate }
    }

    /// A result that its type cannot hold.
    pub const ARITHMETIC_OVERFLOW: Self = Self::new("ARITHMETIC_OVERFLOW", "22003");
    /// A text that is no date or time in the form asked for.
    pub const CANNOT_PARSE_TIMESTAMP: Self = Self::new("CANNOT_PARSE_TIMESTAMP", "22007");
    /// A text that is no value of the type that it is cast to.
    pub const CAST_INVALID_INPUT: Self = Self::new("CAST_INVALID_INPUT", "22018");
    /// A number that the type that it is cast to cannot hold.
    pub const CAST_OVERFLOW: Self = Self::new("CAST_OVERFLOW", "22003");
    /// A value that the column that it is to go into cannot hold.
    pub const CAST_OVERFLOW_IN_TABLE_INSERT: Self = Self::new("CAST_OVERFLOW_IN_TABLE_INSERT", "22003");
    /// An argument or operand of a type that does not fit.
    pub const DATATYPE_MISMATCH: Self = Self::new("DATATYPE_MISMATCH", "42K09");
    /// A month 13, a day 32, an hour 25.
    pub const DATETIME_FIELD_OUT_OF_BOUNDS: Self = Self::new("DATETIME_FIELD_OUT_OF_BOUNDS", "22023");
    /// Division by zero.
    pub const DIVIDE_BY_ZERO: Self = Self::new("DIVIDE_BY_ZERO", "22012");
    /// A word that is no day of the week.
    pub const ILLEGAL_DAY_OF_WEEK: Self = Self::new("ILLEGAL_DAY_OF_WEEK", "22009");
    /// A position that an array does not have.
    pub const INVALID_ARRAY_INDEX: Self = Self::new("INVALID_ARRAY_INDEX", "22003");
    /// A position that an array does not have, asked for by `element_at`.
    pub const INVALID_ARRAY_INDEX_IN_ELEMENT_AT: Self = Self::new("INVALID_ARRAY_INDEX_IN_ELEMENT_AT", "22003");
    /// An argument whose value does not fit.
    pub const INVALID_PARAMETER_VALUE: Self = Self::new("INVALID_PARAMETER_VALUE", "22023");
    /// A column that is neither grouped by nor aggregated.
    pub const MISSING_AGGREGATION: Self = Self::new("MISSING_AGGREGATION", "42803");
    /// A window that the query does not have.
    pub const MISSING_WINDOW_SPECIFICATION: Self = Self::new("MISSING_WINDOW_SPECIFICATION", "42P20");
    /// An expression that is of one table, where there are several.
    pub const MULTI_SOURCES: Self = Self::new("MULTI_SOURCES_UNSUPPORTED_EXPRESSION", "42K0E");
    /// A decimal with too few digits for a value.
    pub const NUMERIC_VALUE_OUT_OF_RANGE: Self = Self::new("NUMERIC_VALUE_OUT_OF_RANGE", "22003");
    /// A view that leads back to itself.
    pub const RECURSIVE_VIEW: Self = Self::new("RECURSIVE_VIEW", "42K0H");
    /// A remainder of a division by zero.
    pub const REMAINDER_BY_ZERO: Self = Self::new("REMAINDER_BY_ZERO", "22012");
    /// A marker `:name` or `?` for which there is no value.
    pub const UNBOUND_SQL_PARAMETER: Self = Self::new("UNBOUND_SQL_PARAMETER", "42P02");
    /// A function that does not exist.
    pub const UNRESOLVED_ROUTINE: Self = Self::new("UNRESOLVED_ROUTINE", "42883");
    /// An error that the query itself raises.
    pub const USER_RAISED_EXCEPTION: Self = Self::new("USER_RAISED_EXCEPTION", "P0001");
    /// A function called with a number of arguments that it does not take.
    pub const WRONG_NUM_ARGS: Self = Self::new("WRONG_NUM_ARGS", "42605");
}

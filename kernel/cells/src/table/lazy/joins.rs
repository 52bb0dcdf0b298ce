//! Joins whose options are given one by one.

use polars::prelude::*;

use crate::table::io::stream::movable;
use crate::table::{Table, functions, methods};

movable! {
    /// A join whose options are given one by one.
    Joining(JoinBuilder) as "JoinBuilder" {
        /// The other frame.
        fn with(other: LazyFrame);
        /// The kind of the join.
        fn how(how: JoinType);
        /// Whether the keys must be unique.
        fn validate(validation: JoinValidation);
        /// The keys of both frames.
        fn on(on: Vec<Expr>);
        /// The keys of this frame.
        fn left_on(on: Vec<Expr>);
        /// The keys of the other frame.
        fn right_on(on: Vec<Expr>);
        /// Whether both frames may be computed at once.
        fn allow_parallel(allow: bool);
        /// Whether both frames must be computed at once.
        fn force_parallel(force: bool);
        /// Whether null matches null.
        fn join_nulls(nulls_equal: bool);
        /// What is appended to the other frame's columns of the same name.
        fn suffix(suffix: PlSmallStr);
        /// One column or two for the key.
        fn coalesce(coalesce: JoinCoalesce);
        /// Whose order the result keeps.
        fn maintain_order(maintain_order: MaintainOrderJoin);
        /// Which frame is hashed.
        fn build_side(build_side: Option<JoinBuildSide>);
    }
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(movable_types());
    table.add_callables(movable_rows());
    table.add_callables(methods! {
        LazyFrame {
            /// Begins a join; `with` and `on` follow.
            fn join_builder() -> Joining = |this| Joining::new(this.join_builder());
        }
        Joining {
            /// The joined frame.
            fn finish() -> LazyFrame = |this| this.take()?.finish();
            /// The frames joined by conditions instead of keys.
            fn join_where(predicates: Vec<Expr>) -> LazyFrame = |this| this.take()?.join_where(predicates);
        }
    });
    table.add_callables(functions! {
        JoinBuilder {
            /// Begins a join of a frame; `with` and `on` follow.
            fn new(lf: LazyFrame) -> Joining = Joining::new(JoinBuilder::new(lf));
        }
    });
}

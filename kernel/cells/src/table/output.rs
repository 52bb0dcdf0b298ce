//! Outputs that a cell holds: displays that it changes later, and what `%%capture` has kept.

use aerostat_error::Result;
use aerostat_session::{Captured, DisplayHandle};

use super::{Callable, Table, methods, types};
use crate::convert::{Generic, IntoValue};
use crate::value::Native;

type Shown = Generic<0>;

types! {
    /// A display that can be changed, from `display_handle(value)`.
    DisplayHandle = |handle| format!("DisplayHandle({})", handle.id());
    /// Outputs that `%%capture` has kept.
    Captured = |captured| captured.stdout();
}

/// Adds the rows of this file.
pub(super) fn register(table: &mut Table) {
    table.add_types(type_rows());
    table.add_callables(methods! {
        DisplayHandle {
            /// Shows another value instead, in the cell that made the display.
            fn update(value: Shown) -> Result<()> = |this, cx| {
                this.update(&*cx.output, &value.bundle(cx)?);
                Ok(())
            };
            /// The name by which clients know the display.
            fn id() -> String = |this| this.id().to_owned();
        }
        Captured {
            /// What was printed.
            fn stdout() -> String = |this| this.stdout();
            /// What was printed to standard error.
            fn stderr() -> String = |this| this.stderr();
            /// How many displays there are.
            fn displays() -> usize = |this| this.displays();
            /// Puts everything out again.
            fn show() -> () = |this, cx| this.show(&*cx.output);
        }
    });
    table.add_callables(vec![Callable {
        name: "display_handle",
        owner: None,
        receiver: None,
        params: vec![("value", crate::ty::Ty::Var(0))],
        ret: crate::ty::Ty::Native(DisplayHandle::NAME),
        doc: super::doc(&[
            "Shows a value, and gives a handle by which the display is changed: `handle.update(value)`.",
        ]),
        mutates: false,
        effect: crate::table::Effect::Runs,
        gives_self: false,
        call: |cx, mut args| {
            let value = args.pop().ok_or_else(|| crate::value::mismatch("value"))?;
            Ok(DisplayHandle::show(&*cx.output, &value.bundle(cx)?).into_value())
        },
    }]);
}

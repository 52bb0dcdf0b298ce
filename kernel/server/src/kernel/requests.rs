//! Who answers which request.

use aerostat_error::Error;
use aerostat_protocol::content::{
    CommClose, CommId, CommInfoReply, CommOpen, CreateSubshellReply, DeleteSubshellReply, DeleteSubshellRequest,
    InterruptReply, ListSubshellReply, Object, Reply, ShutdownReply, ShutdownRequest,
};
use aerostat_protocol::{Message, Request};

use super::Kernel;
use super::failure::failure;
use super::front::Front;
use super::info::kernel_info;

/// Cells and questions about code have their threads; the rest is as on the control channel.
pub(super) fn on_shell(kernel: &Kernel, front: &Front, request: Request) {
    let subshell = request.header.subshell_id.clone();
    if let Some(error) = subshell.as_deref().and_then(|id| kernel.subshells.check(id).err()) {
        return refuse(front, &request, &error);
    }
    match request.header.msg_type.as_str() {
        "execute_request" => match subshell {
            Some(id) => kernel.subshells.queue(&id, request),
            None => kernel.cells.queue(request),
        },
        "complete_request" | "inspect_request" | "is_complete_request" | "history_request" => {
            kernel.questions.queue(request);
        }
        _ => on_control(kernel, front, request),
    }
}

/// What is answered at once.
pub(super) fn on_control(kernel: &Kernel, front: &Front, request: Request) {
    match request.header.msg_type.as_str() {
        "kernel_info_request" => front.answer(&request, || Reply::ok(kernel_info())),
        "interrupt_request" => front.answer(&request, || {
            kernel.running.interrupt();
            Reply::ok(InterruptReply::default())
        }),
        "shutdown_request" => shutdown(kernel, front, &request),
        "create_subshell_request" => front.answer_to(&request, |_: Object| {
            let subshell_id = kernel.subshells.create()?;
            Ok(CreateSubshellReply { subshell_id })
        }),
        "delete_subshell_request" => front.answer_to(&request, |DeleteSubshellRequest { subshell_id }| {
            kernel.subshells.delete(&subshell_id)?;
            Ok(DeleteSubshellReply::default())
        }),
        "list_subshell_request" => {
            front.answer(&request, || Reply::ok(ListSubshellReply { subshell_id: kernel.subshells.list() }));
        }
        "comm_info_request" => front.answer(&request, || Reply::ok(CommInfoReply::default())),
        "comm_open" => front.busy(&request, || refuse_comm(front, &request)),
        // Of comms that were refused: there is nothing left to do.
        "comm_msg" | "comm_close" => front.busy(&request, || {}),
        _ => unknown(front, &request),
    }
}

fn shutdown(kernel: &Kernel, front: &Front, request: &Request) {
    front.answer_to(request, |ShutdownRequest { restart }| {
        kernel.running.interrupt();
        // Clients other than the one that asked learn it as well.
        front.iopub().publish(&request.parent, &Reply::ok(ShutdownReply { restart }));
        Ok(ShutdownReply { restart })
    });
    kernel.stop.now();
}

/// No target is known, and the protocol's answer to an unknown target is to close the comm.
fn refuse_comm(front: &Front, request: &Request) {
    let CommOpen { comm_id, target_name } = request.content().unwrap_or_default();
    tracing::debug!("no comm target `{target_name}`");
    front.iopub().publish(&request.parent, &CommClose { comm_id: CommId(comm_id), data: Object::new() });
}

/// Nobody knows what it asks.
fn unknown(front: &Front, request: &Request) {
    let msg_type = &request.header.msg_type;
    tracing::debug!("unknown message type `{msg_type}`");
    refuse(front, request, &Error::not_supported(format!("message type `{msg_type}` is not supported")));
}

/// A request is owed a reply even if it can only be an error.
fn refuse(front: &Front, request: &Request, error: &Error) {
    match request.header.msg_type.strip_suffix("_request") {
        Some(name) => front.answer_with(request, || {
            let reply: Reply<()> = Reply::Error(failure(error, ""));
            Message::of_type(&format!("{name}_reply"), &request.parent, &reply)
        }),
        None => front.busy(request, || {}),
    }
}

//! The wire layer against bytes that nobody meant: random frames, changed bytes, missing parts.

use aerostat_protocol::Frames;
use aerostat_protocol::content::{Content, ExecuteRequest, HistoryRequest, InspectRequest, Reply, Status};
use aerostat_protocol::content::{ExecutionState, ShutdownRequest};
use aerostat_protocol::{Error, Message, Parent, Request, Signer, Wire};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Frames of which some are nearly what belongs there.
fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => vec(any::<u8>(), 0..40),
        3 => prop::sample::select(vec![
            b"<IDS|MSG>".to_vec(), b"{}".to_vec(), b"null".to_vec(), b"[]".to_vec(), Vec::new(), b"\"".to_vec(),
            b"\xff\xfe".to_vec(), b"{\"msg_id\":\"1\",\"msg_type\":\"x\"}".to_vec(),
        ]),
    ]
}

/// JSON of a few levels, as clients may put into the content of a message.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let names = prop_oneof![
            ".{0,8}",
            prop::sample::select(vec!["code", "silent", "user_expressions", "cursor_pos", "n", "session", "pattern"])
                .prop_map(str::to_owned),
        ];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((names, inner), 0..6).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn wire() -> Wire {
    Wire::new(Signer::new(b"a key"))
}

/// A request as a client would frame it; only its header differs from what the kernel sends.
fn frames(msg_type: &str, content: &Value) -> Frames {
    let signer = Signer::new(b"a key");
    let header = json!({ "msg_id": "m1", "msg_type": msg_type, "session": "s", "subshell_id": "kept" });
    let parts: Vec<Vec<u8>> =
        [&header, &json!({}), &json!({}), content].map(|part| part.to_string().into_bytes()).into();
    let signature = signer.sign(&parts);
    [b"peer".to_vec(), b"<IDS|MSG>".to_vec(), signature].into_iter().chain(parts).map(Into::into).collect()
}

fn request(content: &Value) -> Request {
    wire().decode(frames("any_request", content)).unwrap()
}

#[test]
fn a_request_keeps_identities_buffers_and_its_header() {
    let mut sent = frames("execute_request", &json!({ "code": "1" }));
    let header = sent[3].clone();
    sent.extend([b"one".to_vec().into(), b"two".to_vec().into()]);
    let request = wire().decode(sent).unwrap();
    assert_eq!(request.identities, [b"peer".as_slice()]);
    assert_eq!(request.buffers, [b"one".as_slice(), b"two"]);
    assert_eq!((request.header.msg_id.as_str(), request.header.msg_type.as_str()), ("m1", "execute_request"));
    let reply = wire().encode(&[], Message::new(&request.parent, &Status { execution_state: ExecutionState::Busy }));
    assert_eq!(reply[3], header, "the parent header is the header, byte for byte");
}

#[test]
fn what_the_kernel_sends_is_signed_and_dated() {
    let frames = wire().encode(&[], Message::of_type("status", &Parent::NONE, &json!({ "execution_state": "idle" })));
    assert!(Signer::new(b"a key").verify(&frames[2..], &frames[1]));
    let header: Value = serde_json::from_slice(&frames[2]).unwrap();
    let date = header["date"].as_str().unwrap();
    assert_eq!((date.len(), &date[10..11], &date[19..20], &date[26..]), (27, "T", ".", "Z"), "{date}");
    assert_eq!(header["version"], "5.5");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn frames_that_nobody_signed_are_errors(frames in vec(any_frame(), 0..9)) {
        let frames: Frames = frames.into_iter().map(Into::into).collect();
        prop_assert!(wire().decode(frames.clone()).is_err());
        // Without a key they may be a request; whatever they are, nothing panics.
        if let Ok(request) = Wire::new(Signer::new(b"")).decode(frames) {
            let _ = (request.content::<ExecuteRequest>(), request.content::<HistoryRequest>());
        }
    }

    #[test]
    fn any_content_arrives_as_it_was_sent(content in any_json()) {
        prop_assert_eq!(request(&content).content, content);
    }

    #[test]
    fn any_content_is_understood_or_an_error(content in any_json()) {
        let request = request(&content);
        let _ = (request.content::<ExecuteRequest>(), request.content::<HistoryRequest>());
        let _ = (request.content::<InspectRequest>(), request.content::<ShutdownRequest>());
    }

    #[test]
    fn identities_and_buffers_of_any_bytes_are_kept(
        identities in vec(vec(any::<u8>(), 1..40), 1..4),
        buffers in vec(vec(any::<u8>(), 0..200), 0..4),
    ) {
        prop_assume!(identities.iter().all(|identity| identity != b"<IDS|MSG>"));
        let sent = frames("any_request", &json!({}));
        let parts = sent[1..].iter().cloned().chain(buffers.iter().cloned().map(Into::into));
        let sent: Frames = identities.iter().cloned().map(Into::into).chain(parts).collect();
        let request = wire().decode(sent).unwrap();
        prop_assert_eq!(request.identities, identities);
        prop_assert_eq!(request.buffers, buffers);
    }

    #[test]
    fn no_change_goes_unnoticed(part in 2..7_usize, at in any::<prop::sample::Index>(), by in 1..=255_u8) {
        let mut changed = frames("execute_request", &json!({ "code": "let x = 1;" }));
        let mut bytes = changed[part].to_vec();
        let index = at.index(bytes.len());
        // The case of a hexadecimal digit is no part of the signature.
        prop_assume!(part > 2 || !bytes[index].eq_ignore_ascii_case(&(bytes[index] ^ by)));
        bytes[index] ^= by;
        changed[part] = bytes.into();
        prop_assert!(wire().decode(changed).is_err());
    }
}

#[test]
fn the_subshell_of_a_request_is_read_and_kept() {
    let request = request(&json!({}));
    assert_eq!(request.header.subshell_id.as_deref(), Some("kept"));
    let reply = wire().encode(&[], Message::new(&request.parent, &Status { execution_state: ExecutionState::Idle }));
    let parent: Value = serde_json::from_slice(&reply[3]).unwrap();
    assert_eq!(parent["subshell_id"], "kept");
}

#[test]
fn content_may_lack_what_has_a_default() {
    for empty in [json!({}), Value::Null] {
        let execute: ExecuteRequest = request(&empty).content().unwrap();
        assert!(execute.store_history && execute.stop_on_error && !execute.silent && !execute.allow_stdin);
        assert_eq!(request(&empty).content::<InspectRequest>().unwrap().cursor_pos, None);
        assert!(request(&empty).content::<HistoryRequest>().unwrap().pattern.is_none());
        assert!(!request(&empty).content::<ShutdownRequest>().unwrap().restart);
    }
    let nulls = json!({ "code": "1", "user_expressions": null });
    assert!(request(&nulls).content::<ExecuteRequest>().unwrap().user_expressions.is_none());
    assert!(matches!(request(&json!({ "code": 1 })).content::<ExecuteRequest>(), Err(Error::Json { .. })));
}

#[test]
fn replies_have_objects_where_the_protocol_wants_them() {
    let reply: Reply<Status> = Reply::aborted();
    assert_eq!(serde_json::to_value(&reply).unwrap(), json!({ "status": "aborted" }));
    let reply = Reply::ok(aerostat_protocol::content::InterruptReply::default());
    assert_eq!(serde_json::to_value(&reply).unwrap(), json!({ "status": "ok" }));
    assert_eq!(<Reply<Status>>::TYPE, "status");
    let display = aerostat_protocol::content::DisplayData::default();
    assert_eq!(serde_json::to_value(&display).unwrap(), json!({ "data": {}, "metadata": {}, "transient": {} }));
}

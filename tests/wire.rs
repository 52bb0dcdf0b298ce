//! The wire layer against bytes that nobody meant: random frames, changed bits, missing parts.

use aerostat_protocol::Frames;
use aerostat_protocol::content::{Content, ExecuteRequest, HistoryRequest, InspectRequest, Reply, Status};
use aerostat_protocol::content::{ExecutionState, ShutdownRequest};
use aerostat_protocol::{Error, Message, Parent, Request, Signer, Wire};
use serde_json::{Value, json};

/// A small generator of numbers, so that a failure can be repeated from its seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn bytes(&mut self) -> Vec<u8> {
        let interesting: [&[u8]; 8] =
            [b"<IDS|MSG>", b"{}", b"null", b"[]", b"{\"msg_id\":\"1\",\"msg_type\":\"x\"}", b"", b"\"", b"\xff\xfe"];
        match self.below(3) {
            0 => (0..self.below(40)).map(|_| self.next() as u8).collect(),
            _ => interesting[self.below(interesting.len())].to_vec(),
        }
    }
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

#[test]
fn random_frames_are_errors_and_never_panics() {
    let (mut random, open) = (Random(0x2545_f491_4f6c_dd1d), Wire::new(Signer::new(b"")));
    let mut understood = 0;
    for _ in 0..200_000 {
        let frames: Frames = (0..random.below(9)).map(|_| random.bytes().into()).collect();
        assert!(wire().decode(frames.clone()).is_err());
        understood += usize::from(open.decode(frames).is_ok());
    }
    assert!(understood > 0, "without a key some of the frames are a request");
}

#[test]
fn no_changed_bit_goes_unnoticed() {
    let good = frames("execute_request", &json!({ "code": "let x = 1;" }));
    assert!(wire().decode(good.clone()).is_ok());
    for part in 2..good.len() {
        for bit in 0..good[part].len() * 8 {
            let mut changed = good.clone();
            let mut bytes = changed[part].to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            changed[part] = bytes.into();
            let accepted = wire().decode(changed);
            // The case of a hexadecimal digit is no part of the signature.
            let same = part == 2 && good[2][bit / 8].is_ascii_alphabetic() && bit % 8 == 5;
            assert_eq!(accepted.is_ok(), same, "bit {bit} of part {part}");
        }
    }
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

//! The memory that the kernel may take.

use aerostat_session::memory::{MEMORY_LIMIT, amount, exceeded, taken};

#[test]
fn amounts_have_units() {
    let bytes = |text| amount(MEMORY_LIMIT, text).unwrap();
    assert_eq!(bytes("1000"), Some(1000));
    assert_eq!(bytes("512M"), Some(512 << 20));
    assert_eq!(bytes("1.5 GiB"), Some(3 << 29));
    assert_eq!(bytes("2gb"), Some(2 << 30));
    assert_eq!(bytes("none"), None);
    for wrong in ["much", "-1G", "0", "8X", "G"] {
        let error = amount(MEMORY_LIMIT, wrong).unwrap_err();
        assert_eq!(error.ename(), "INVALID_ARGUMENT", "{wrong}");
        assert!(error.message().contains(MEMORY_LIMIT) && error.hint().unwrap().contains("8G"), "{error}");
    }
}

#[test]
fn the_process_is_measured() {
    let grown = || {
        let before = taken().unwrap();
        let block = std::hint::black_box(vec![1_u8; 256 << 20]);
        let grown = taken().unwrap().saturating_sub(before);
        drop(block);
        grown
    };
    // Other tests of this process let go of memory meanwhile, so that once may not be enough.
    let tries: Vec<u64> = (0..5).map(|_| grown()).collect();
    assert!(tries.iter().any(|grown| *grown > 128 << 20), "{tries:?}");
}

#[test]
fn what_is_too_large_says_what_to_do() {
    let error = exceeded(512 << 20);
    assert_eq!(error.ename(), "OUT_OF_MEMORY");
    assert!(error.message().contains("512 MiB") && error.hint().unwrap().contains(MEMORY_LIMIT), "{error}");
}

//! The head of a request to the loopback port: every program of the machine can write one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uc_core::ports::loopback::{Head, MAX_HEAD_BYTES, parse_head};

fuzz_target!(|bytes: &[u8]| {
    let whole = parse_head(bytes, 50_999);
    if bytes.len() > MAX_HEAD_BYTES {
        assert!(whole.is_err(), "a head without end");
    }
    if let Ok(Head::Callback(query)) = &whole {
        assert!(
            !query.contains([' ', '\r', '\n', '\0']),
            "more than a query"
        );
    }
    // Bytes arrive one by one: what was not refused early is read as it would be at once.
    for end in 0..bytes.len().min(512) {
        match parse_head(&bytes[..end], 50_999) {
            Ok(Head::Partial) => {}
            // Decided before the end, so decided like this whatever follows.
            Ok(Head::Callback(_)) | Err(_) => break,
        }
    }
});

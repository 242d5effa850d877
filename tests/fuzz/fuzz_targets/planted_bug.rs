//! The planted bug: a run of the others shows nothing unless the fuzzer finds this one.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut letters = bytes.iter();
    let mut is_next = |letter: u8| letters.next() == Some(&letter);
    assert!(!(is_next(b'b') && is_next(b'u') && is_next(b'g')), "found");
});

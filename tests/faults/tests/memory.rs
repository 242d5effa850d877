//! A locked client's memory, read from outside.

#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn lk_05_a_locked_client_holds_no_passcode_no_key_and_no_token() {
    let looked = Command::new(env!("CARGO_BIN_EXE_uc-faults"))
        .args(["memory", "--strict"])
        .output()
        .expect("the look begins");
    let told = String::from_utf8_lossy(&looked.stdout);
    let why = String::from_utf8_lossy(&looked.stderr);
    assert!(looked.status.success(), "{told}{why}");
    assert!(told.contains("0 secrets left"), "{told}");
}

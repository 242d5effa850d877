//! What keys leave behind on the stack.

use zeroize::Zeroize as _;

/// More than the functions that work with keys need, without optimisation too.
const BYTES: usize = 64 * 1024;

/// Does something with keys in a frame of its own, and wipes the stack where that and all that it called stood: ciphers and
/// hashes move their state about, and a move leaves a copy.
#[inline(never)]
pub(super) fn leaving_nothing<T>(work: impl FnOnce() -> T) -> T {
    let done = apart(work);
    wipe();
    done
}

#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
#[expect(clippy::large_stack_arrays, reason = "the stack is what is wiped")]
fn wipe() {
    let mut space = [0_u8; BYTES];
    space.zeroize();
}

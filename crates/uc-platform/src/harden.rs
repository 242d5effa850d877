//! What keeps secrets in the process, and the process alive on a full disk.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// Every program with a person's keys in it wipes what it frees: tokens pass through buffers of HTTP and JSON that know nothing of
/// secrets.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

/// No core dumps, no reading of our memory by other programs of the same person, and writing to a file that may not
/// grow is an error instead of the end. What a system does not offer is left out.
pub fn harden() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    forbid_dumps();
    #[cfg(unix)]
    {
        forbid_core_files();
        ignore_file_size_signal();
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn forbid_dumps() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "memory can be read by other programs");
    }
}

#[cfg(unix)]
fn forbid_core_files() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core files can be written");
    }
}

#[cfg(unix)]
fn ignore_file_size_signal() {
    #[expect(unsafe_code, reason = "no safe wrapper ignores a signal")]
    // SAFETY: ignoring a signal runs no handler; the previous disposition is not needed.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

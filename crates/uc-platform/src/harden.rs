//! Hardening of the process.

/// Closes the process's memory to other programs of the same user and to core dumps, and lets a full disk be an error
/// instead of a deadly signal. What a system does not offer is left out.
pub fn harden() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    close_memory();
    #[cfg(unix)]
    forbid_core_dumps();
    #[cfg(unix)]
    ignore_file_size_signal();
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn close_memory() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "memory stays readable for programs of the same user");
    }
}

#[cfg(unix)]
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "core dumps stay possible");
    }
}

#[cfg(unix)]
fn ignore_file_size_signal() {
    #[expect(unsafe_code, reason = "no safe wrapper sets a disposition to ignore")]
    // SAFETY: `SIG_IGN` is a disposition, not a handler: no code of ours runs in signal context.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn lk_05_the_process_leaves_no_core() {
        harden();
        let behavior = rustix::process::dumpable_behavior().unwrap();
        assert_eq!(behavior, rustix::process::DumpableBehavior::NotDumpable);
        assert_eq!(
            rustix::process::getrlimit(rustix::process::Resource::Core).maximum,
            Some(0)
        );
    }
}

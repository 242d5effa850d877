//! The judges that others wrote: installed before the tests that need them.

use anyhow::Result;

use crate::consent::Consent;
use crate::system_packages::{self, Purpose};
use crate::{process, workspace};

/// Installs what is missing and prints the versions of both sides.
pub(crate) fn ensure_present(consent: Consent) -> Result<()> {
    system_packages::ensure_present(&[Purpose::Judges], consent)?;
    process::run_shown(
        "judges",
        workspace::cargo().args(["run", "--quiet", "-p", "uc-interop", "--bin", "judges"]),
    )
}

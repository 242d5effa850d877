//! Installs the judges where they are missing, and says which versions are there.

#![expect(clippy::print_stdout, reason = "a program speaks through its output")]

use uc_interop::{Result, judges::Judges};

fn main() -> Result<()> {
    let judges = Judges::ensure_installed()?;
    println!("ours: {}", env!("CARGO_PKG_VERSION"));
    for version in judges.versions()? {
        println!("judge: {version}");
    }
    Ok(())
}

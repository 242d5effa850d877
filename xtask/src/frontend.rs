//! `frontend`: the interface alone, for the bundler of the app.

use anyhow::Result;

use crate::consent::Consent;
use crate::products::{self, FrontendProfile};

/// Builds the frontend into frontend/dist.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask frontend              fast to build
  cargo xtask frontend --release    small, as it ships")]
pub(crate) struct Options {
    /// Small, as it ships
    #[arg(long)]
    release: bool,
    /// Install what is missing without asking (as with CI=true)
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    products::ensure_can_build(Consent::from_flag(options.yes))?;
    let profile = if options.release {
        FrontendProfile::Release
    } else {
        FrontendProfile::Dev
    };
    products::build_frontend(profile)
}

//! What the client is about when it is killed.

use anyhow::{Result, anyhow};
use clap::ValueEnum;
use uc_core::Core;
use uc_ipc::{
    ChangePasscode, Commands as _, IpcError, PasscodeEntry, SetPasscode, SignIn, SignOut, SyncNow,
    Unlock, Unsent,
};

/// One of the acts that move keys and tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Act {
    /// From nothing to an open vault.
    SignIn,
    /// Unlock, and buy new tokens.
    Refresh,
    /// Unlock, and sign in again over the open vault.
    SignInAgain,
    /// Unlock, and put another passcode in the place of the first.
    ChangePasscode,
    /// Unlock, and leave.
    SignOut,
}

impl Act {
    /// Those of somebody who is signed in.
    pub(crate) const SIGNED_IN: [Self; 4] = [
        Self::Refresh,
        Self::SignInAgain,
        Self::ChangePasscode,
        Self::SignOut,
    ];

    /// The name on the command line and in the report.
    pub(crate) fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Carries it out.
    pub(crate) async fn carry_out(self, core: &Core, passcode: &str, next: &str) -> Result<()> {
        if self == Self::SignIn {
            told(core.sign_in(SignIn {}).await)?;
            let passcode = entry(passcode);
            return told(core.set_passcode(SetPasscode { passcode }).await);
        }
        unlock(core, passcode).await?;
        match self {
            Self::SignIn | Self::Refresh => told(core.sync_now(SyncNow {}).await),
            Self::SignInAgain => told(core.sign_in(SignIn {}).await),
            Self::ChangePasscode => {
                let (current, new) = (entry(passcode), entry(next));
                told(core.change_passcode(ChangePasscode { current, new }).await)
            }
            Self::SignOut => {
                let unsent = Unsent::Discard;
                told(core.sign_out(SignOut { unsent }).await)
            }
        }
    }
}

/// Opens the vault.
pub(crate) async fn unlock(core: &Core, passcode: &str) -> Result<()> {
    let passcode = entry(passcode);
    told(core.unlock(Unlock::Passcode { passcode }).await)
}

fn entry(text: &str) -> PasscodeEntry {
    PasscodeEntry::new(text.to_owned())
}

fn told<T>(answer: Result<T, IpcError>) -> Result<()> {
    answer.map(drop).map_err(|error| anyhow!("{error:?}"))
}

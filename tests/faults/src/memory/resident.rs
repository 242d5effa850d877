//! The client that is looked at: it opens, waits, locks and waits.

use std::{
    fmt::Write as _,
    io::{Write as _, stdout},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, Result, anyhow};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uc_core::Core;
use uc_ipc::{
    Commands as _, IpcError, ListApplications, Lock, OpenForm, PasscodeEntry, SaveDraft,
    SetPasscode, SignIn, SyncNow, Unlock,
};
use uc_model::SecretString;

use super::MARKS;
use crate::rig::{self, Fate, Place};

const SERVICE: &str = "criminal-record-certificate";
const FIELD: &str = "birth_place";

/// The client that is looked at.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
}

/// Opens and says so; locks at the first order and ends at the next.
pub(crate) async fn run(options: Options) -> Result<ExitCode> {
    let core = rig::start(&options.place, &Fate::default()).await?;
    work(&core).await?;
    say("open")?;
    order().await?;
    told(core.lock(Lock {}).await)?;
    settle().await;
    say("locked")?;
    order().await?;
    core.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// A person's hour: signs in, fills in forms, locks, unlocks and looks at what there is.
async fn work(core: &Arc<Core>) -> Result<()> {
    told(Box::pin(core.sign_in(SignIn {})).await)?;
    let first = SetPasscode { passcode: entry() };
    told(core.set_passcode(first).await)?;
    told(Box::pin(core.sync_now(SyncNow {})).await)?;
    for number in 0..MARKS {
        fill_in(core, number).await?;
    }
    told(core.lock(Lock {}).await)?;
    let unlock = Unlock::Passcode { passcode: entry() };
    told(core.unlock(unlock).await)?;
    told(Box::pin(core.sync_now(SyncNow {})).await)?;
    let listed = core.list_applications(ListApplications::default()).await;
    told(listed).map(drop)
}

async fn fill_in(core: &Core, number: u32) -> Result<()> {
    let request = OpenForm {
        service: SERVICE.parse().context("a service")?,
        application: None,
    };
    let form = told(core.open_form(request).await)?;
    let mut answers = form.answers;
    answers.insert(FIELD.to_owned(), json!(mark(number)));
    let draft = SaveDraft {
        chosen: Vec::new(),
        application: form.application,
        service: form.service,
        acting_for: None,
        answers,
        step: 0,
    };
    told(core.save_draft(draft).await).map(drop)
}

/// Background work that was under way ends, and its memory is given back.
async fn settle() {
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
}

/// Never written down in this program as a whole, so that the program itself does not hold it.
pub(super) fn passcode() -> SecretString {
    word(b"passcode").into()
}

fn entry() -> PasscodeEntry {
    PasscodeEntry::new(passcode().expose().clone())
}

/// Something personal.
pub(super) fn mark(number: u32) -> String {
    word(&number.to_be_bytes())
}

fn word(of: &[u8]) -> String {
    hex(&Sha256::digest(of)[..12])
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn told<T>(answer: Result<T, IpcError>) -> Result<T> {
    answer.map_err(|error| anyhow!("{error:?}"))
}

fn say(word: &str) -> Result<()> {
    writeln!(stdout(), "{word}")?;
    Ok(stdout().flush()?)
}

async fn order() -> Result<()> {
    tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new())).await??;
    Ok(())
}

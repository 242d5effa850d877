//! What is left in the memory of a client that is locked (LK-05): read from outside, as whoever has the machine would.

mod process;
mod resident;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use uc_auth::lock::{
    BundleHeader, DeviceKey, KeyBundle, KeyEncryptionKey, Slot, open_bundle, open_session,
};
use uc_core::ports::ProfileFile;
use uc_model::SecretString;
use uc_portal::{Config, RunningPortal, Times};

use self::process::Process;
pub(crate) use self::resident::{Options as Resident, run as reside};
use crate::{report::say, rig::Place};

/// Binds keys to the client's kind of profile, as the client does.
const PROFILE: &str = "citizen";
/// How many marks of something personal the client has in its vault.
const MARKS: u32 = 20;
/// Bytes of a token of the portal, and how many of its first characters say when it was made, to within a minute.
const TOKEN: (usize, usize) = (51, 4);

/// Reads the memory of a client that was open and is locked.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Ends with 1 where a secret was found
    #[arg(long)]
    strict: bool,
}

/// What somebody looks for.
struct Secrets {
    passcode: Vec<u8>,
    keys: Vec<Vec<u8>>,
    refresh: Vec<u8>,
    marks: Vec<Vec<u8>>,
}

/// What they find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    passcode: usize,
    keys: usize,
    tokens: usize,
    marks: usize,
}

/// Looks at an open client first, where the secrets must be found: else the look is blind.
pub(crate) async fn run(options: &Options) -> Result<ExitCode> {
    let folder = tempfile::tempdir()?;
    let times = Times::Real { agency_speed: 1 };
    let portal = uc_portal::spawn(Config::demo(folder.path().join("portal"), times)).await?;
    let place = place(folder.path(), &portal)?;
    let mut client = Process::start(&place).await?;
    let secrets = secrets(&place)?;
    let open = look(&client, &secrets)?;
    ensure!(
        open.keys > 0 && open.tokens > 0 && open.marks > 0,
        "the look is blind: {open:?} in an open client"
    );
    client.lock().await?;
    let locked = look(&client, &secrets)?;
    client.stop().await?;
    say(&format!(
        "  open: {} passcodes, {} keys, {} tokens, {} of {MARKS} marks",
        open.passcode, open.keys, open.tokens, open.marks
    ));
    let left = locked.passcode + locked.keys + locked.tokens;
    let verdict = if left == 0 { "ok" } else { "short" };
    say(&format!(
        "faults-memory: {left} secrets left in a locked client: {} passcodes, {} keys, {} tokens (goal 0); {} of {MARKS} marks {verdict}",
        locked.passcode, locked.keys, locked.tokens, locked.marks
    ));
    Ok(if left > 0 && options.strict {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn place(folder: &std::path::Path, portal: &RunningPortal) -> Result<Place> {
    let place = Place {
        folder: folder.to_owned(),
        portal: portal.issuer().to_owned(),
        authority: portal.ca_path().to_owned(),
    };
    std::fs::create_dir(place.keyring())?;
    Ok(place)
}

/// From what lies on the disk and what the person knows, as the client makes them.
fn secrets(place: &Place) -> Result<Secrets> {
    let passcode = resident::passcode();
    let bundle = std::fs::read(place.profile().join(ProfileFile::KeyBundle.as_str()))?;
    let kek = kek(place, &bundle, &passcode)?;
    let opened: KeyBundle = open_bundle(&bundle, &kek)?;
    let slot = std::fs::read(place.keyring().join(match opened.slot {
        Slot::First => "session.0",
        Slot::Second => "session.1",
    }))?;
    let session = open_session(&slot, opened.slot, &kek)?;
    Ok(Secrets {
        passcode: passcode.expose().clone().into_bytes(),
        keys: [
            Some(kek.expose().to_vec()),
            Some(opened.vault_key.expose().to_vec()),
            // As the store hands it to its library.
            Some(resident::hex(opened.vault_key.expose()).into_bytes()),
            session.proof_key.map(|key| key.expose().to_vec()),
        ]
        .into_iter()
        .flatten()
        .collect(),
        refresh: session.refresh_token.expose().clone().into_bytes(),
        marks: (0..MARKS)
            .map(|number| resident::mark(number).into_bytes())
            .collect(),
    })
}

fn kek(place: &Place, bundle: &[u8], passcode: &SecretString) -> Result<KeyEncryptionKey> {
    let device = DeviceKey::parse(&std::fs::read(place.keyring().join("device"))?)?;
    let header = BundleHeader::parse(bundle)?;
    Ok(KeyEncryptionKey::stretch(
        &device,
        passcode,
        &header.salt,
        header.params,
        PROFILE,
    ))
}

fn look(client: &Process, secrets: &Secrets) -> Result<Found> {
    let mut found = Found {
        passcode: 0,
        keys: 0,
        tokens: 0,
        marks: 0,
    };
    let mut seen = vec![false; secrets.marks.len()];
    client.each_region(|bytes| {
        let count = |what: &[u8]| process::count(bytes, what);
        found.passcode += count(&secrets.passcode);
        found.keys += secrets.keys.iter().map(|key| count(key)).sum::<usize>();
        found.tokens += tokens(bytes, &secrets.refresh);
        for (seen, mark) in seen.iter_mut().zip(&secrets.marks) {
            *seen |= count(mark) > 0;
        }
    })?;
    found.marks = seen.into_iter().filter(|seen| *seen).count();
    Ok(found)
}

/// Tokens of any kind that the portal made about when it made the refresh token.
fn tokens(bytes: &[u8], refresh: &[u8]) -> usize {
    let (length, dated) = TOKEN;
    let Some(date) = refresh.get(..dated) else {
        return 0;
    };
    let is_text = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    process::places(bytes, date)
        .filter(|place| {
            let token = bytes.get(*place..*place + length);
            token.is_some_and(|token| token.iter().all(is_text))
        })
        .count()
}

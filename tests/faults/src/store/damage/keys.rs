//! What opens the vault: the key bundle, and the items of the keyring.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use rand::{RngExt as _, rngs::StdRng};
use tempfile::TempDir;
use uc_ipc::{Commands as _, IpcError, OpenSession, PasscodeEntry, Phase, Unlock};

use super::{Damaged, Outcome, damage};
use crate::{
    auth::world::{Profile, World},
    rig::{self, Fate, Place},
};

/// The file with the keys.
pub(super) async fn bundle(trials: u32, rng: &mut StdRng) -> Result<Damaged> {
    let profile = World::signed_in().await?;
    let mut damaged = Damaged::of("key bundle");
    for _ in 0..trials {
        let copy = Copy::of(&profile)?;
        copy.damage(&copy.place.profile().join("bundle"), rng)?;
        damaged.count(copy.look(&profile).await?);
    }
    Ok(damaged)
}

/// One item of the keyring.
pub(super) async fn items(trials: u32, rng: &mut StdRng) -> Result<Damaged> {
    let profile = World::signed_in().await?;
    let mut damaged = Damaged::of("keyring item");
    for _ in 0..trials {
        let copy = Copy::of(&profile)?;
        let mut items: Vec<PathBuf> = fs::read_dir(copy.place.keyring())?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        items.sort();
        let item = &items[rng.random_range(0..items.len())];
        copy.damage(item, rng)?;
        damaged.count(copy.look(&profile).await?);
    }
    Ok(damaged)
}

/// A profile that may be damaged.
struct Copy {
    place: Place,
    _folder: TempDir,
}

impl Copy {
    fn of(profile: &Profile) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let from = profile.place();
        let place = Place {
            folder: folder.path().to_owned(),
            ..from.clone()
        };
        copy_folder(&from.profile(), &place.profile())?;
        copy_folder(&from.keyring(), &place.keyring())?;
        Ok(Self {
            place,
            _folder: folder,
        })
    }

    #[expect(clippy::unused_self, reason = "only a copy's files may be damaged")]
    fn damage(&self, file: &Path, rng: &mut StdRng) -> Result<()> {
        let mut bytes = fs::read(file).with_context(|| file.display().to_string())?;
        damage(&mut bytes, rng);
        Ok(fs::write(file, bytes)?)
    }

    /// Starts the client, without a network, and opens it.
    async fn look(&self, profile: &Profile) -> Result<Outcome> {
        let core = rig::start(&self.place, &Fate::default()).await?;
        let session = core.open_session(OpenSession {}).await?;
        let outcome = match session.phase {
            Phase::Locked { .. } => match core.unlock(passcode(profile)).await {
                Ok(session) if session.vault_was_damaged => Outcome::Noticed,
                Ok(_) if profile.has_draft(&core).await? => Outcome::Harmless,
                Err(IpcError::VaultDamaged | IpcError::KeyringUnavailable) => Outcome::Noticed,
                Ok(_) | Err(_) => Outcome::Silent,
            },
            Phase::SignedOut if session.vault_was_damaged => Outcome::Noticed,
            Phase::SignedOut | Phase::SigningIn | Phase::NeedsPasscode | Phase::Open { .. } => {
                Outcome::Silent
            }
        };
        core.stop().await;
        Ok(outcome)
    }
}

fn passcode(profile: &Profile) -> Unlock {
    Unlock::Passcode {
        passcode: PasscodeEntry::new(profile.passcode().to_owned()),
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

//! A profile as a client has it after long use: keys, a vault with applications, a catalogue.

#[path = "../../../../crates/uc-store/tests/store/catalogue.rs"]
mod catalogue;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use jiff::{SignedDuration, Timestamp};
use rand::{CryptoRng, SeedableRng as _, rngs::StdRng};
use uc_auth::lock::{BundleHeader, DeviceKey, KdfParams, KeyBundle, KeyEncryptionKey, seal_bundle};
use uc_core::ports::{Files as _, Keyring as _, KeyringItem, ProfileFile};
use uc_model::{ApplicationId, ApplicationStatus, SecretString};
use uc_platform::{OsKeyring, ProfileFolder};
use uc_store::{CatalogueCursor, PortalCopy, PublicStore, Vault, VaultKey, VaultMark};
use uuid::Uuid;

/// The passcode that opens it.
pub(crate) const PASSCODE: &str = "582917";
/// What the client calls this kind of profile.
const KIND: &str = "citizen";
/// Rows in a transaction.
const BATCH: u32 = 500;

/// Fills a profile, on the desktop whose keyring it takes
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Where the profile lies
    profile: PathBuf,
    /// Services of the catalogue beside the real ones
    #[arg(long)]
    services: usize,
    /// Applications
    #[arg(long)]
    applications: u32,
}

/// Makes the profile.
pub(crate) async fn run(options: &Options) -> Result<()> {
    let files = ProfileFolder::open(&options.profile)?;
    let keyring = OsKeyring::new(&options.profile);
    // These keys guard nothing.
    let mut rng = StdRng::seed_from_u64(1);
    let device = DeviceKey::generate(&mut rng);
    keyring.store(KeyringItem::Device, device.to_item()).await?;
    let bundle = KeyBundle::generate(Uuid::nil().to_string(), "Анна", &mut rng);
    fill_vault(
        &files.path(ProfileFile::Vault),
        &bundle,
        options.applications,
    )?;
    files.replace(ProfileFile::KeyBundle, &sealed(&bundle, &device, &mut rng))?;
    fill_catalogue(&files.path(ProfileFile::Public), &device, options.services)
}

fn sealed(bundle: &KeyBundle, device: &DeviceKey, rng: &mut impl CryptoRng) -> Vec<u8> {
    let header = BundleHeader::generate(KdfParams::STANDARD, rng);
    let passcode = SecretString::new(PASSCODE.to_owned());
    let kek = KeyEncryptionKey::stretch(device, &passcode, &header.salt, header.params, KIND);
    seal_bundle(bundle, header, &kek, rng)
}

fn fill_vault(path: &Path, bundle: &KeyBundle, applications: u32) -> Result<()> {
    let key = VaultKey {
        key: bundle.vault_key.clone(),
        salt: bundle.vault_salt,
    };
    let mark = VaultMark {
        generation: Uuid::from_bytes(bundle.generation),
        high_water: bundle.outbox_mark,
    };
    let vault = Vault::create(path, &key, mark)?;
    let numbers: Vec<u32> = (0..applications).collect();
    for batch in numbers.chunks(BATCH as usize) {
        let copies: Vec<PortalCopy> = batch
            .iter()
            .map(|number| copy(*number))
            .collect::<Result<_>>()?;
        vault.write_blocking(move |tx| {
            let mut copies = copies.iter();
            copies.try_for_each(|copy| tx.update_portal_copy(copy).map(drop))
        })?;
    }
    Ok(())
}

fn copy(number: u32) -> Result<PortalCopy> {
    const STATES: [ApplicationStatus; 4] = [
        ApplicationStatus::Approved,
        ApplicationStatus::Refused,
        ApplicationStatus::InProgress,
        ApplicationStatus::Cancelled,
    ];
    let begun = Timestamp::from_second(1_700_000_000)?;
    Ok(PortalCopy {
        id: ApplicationId::new(Uuid::from_u128(u128::from(number) + 1)),
        revision: 1,
        service: format!("synthetic-{number}").parse().context("an id")?,
        title: format!("Справка о том, что понадобилось в {number} раз"),
        agency: "Ведомство".to_owned(),
        number: format!("ЕК-2026-{number:06}"),
        status: STATES[number as usize % STATES.len()],
        changed_at: begun + SignedDuration::from_mins(i64::from(number)),
        due_at: None,
        dialog: "{}".to_owned(),
    })
}

fn fill_catalogue(path: &Path, device: &DeviceKey, services: usize) -> Result<()> {
    let store = PublicStore::open(path, &device.public_store_key())?;
    if services > 0 {
        let all = catalogue::real()
            .into_iter()
            .chain(catalogue::synthetic(services));
        catalogue::fill(&store, all);
    }
    let cursor = CatalogueCursor {
        next: Some("1".to_owned()),
        etag: None,
        synced_at: Some(Timestamp::from_second(1_800_000_000)?),
    };
    store.write_blocking(move |tx| tx.update_catalogue_cursor(&cursor))?;
    Ok(())
}

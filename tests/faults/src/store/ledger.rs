//! What a vault was asked to keep, step by step, and what it must therefore hold.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Result, bail};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use uc_model::{Answers, ApplicationId, ApplicationStatus, IdempotencyKey, SecretBytes, ServiceId};
use uc_store::{
    Draft, FeedCursor, OpenError, PortalCopy, Sealed, StoreError, Vault, VaultKey, VaultMark,
    VaultTx, VaultView,
};
use uuid::Uuid;

const KEY_BYTE: u8 = 3;
const SALT_BYTE: u8 = 4;
const GENERATION: Uuid = Uuid::from_u128(7);
const NAMES: (&str, &str) = ("Замена паспорта", "МВД России");
const FIELD: &str = "place";
/// So many drafts are written on in turn.
const DRAFTS: u64 = 7;

/// The key of every vault here.
pub(super) fn key() -> VaultKey {
    VaultKey {
        key: SecretBytes::new([KEY_BYTE; 32]),
        salt: [SALT_BYTE; 16],
    }
}

/// A new vault.
pub(super) fn create(path: &Path) -> Result<Vault, OpenError> {
    Vault::create(path, &key(), mark(0))
}

/// A new vault that says of itself that it took so many steps: what a silent fresh start would look like.
pub(super) fn create_empty_after(path: &Path, steps: u64) -> Result<Vault, OpenError> {
    Vault::create(path, &key(), mark(steps))
}

/// The vault after so many answered steps, as the key bundle remembers it.
pub(super) fn open(path: &Path, answered: u64) -> Result<Vault, OpenError> {
    Vault::open(path, &key(), mark(answered))
}

fn mark(answered: u64) -> VaultMark {
    VaultMark {
        generation: GENERATION,
        high_water: (1..=answered)
            .filter(|step| kind(*step) == Kind::Submit)
            .count() as u64,
    }
}

/// What a step does. Three kinds take turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// «Send» is pressed.
    Submit,
    /// Somebody types on in a form.
    Type,
    /// A page of the portal's feed is applied.
    Hear,
}

const fn kind(step: u64) -> Kind {
    match step % 3 {
        0 => Kind::Hear,
        1 => Kind::Submit,
        _ => Kind::Type,
    }
}

/// Carries a step out in one transaction.
pub(super) fn act(tx: &VaultTx<'_>, step: u64) -> Result<(), StoreError> {
    match kind(step) {
        Kind::Submit => tx.insert_outbox_row(&sealed(step), NAMES).map(drop),
        Kind::Type => {
            tx.update_setting("step", &step.to_string())?;
            tx.update_draft(&draft(step), NAMES)
        }
        Kind::Hear => {
            tx.update_portal_copy(&copy(step))?;
            tx.update_feed_cursor(&FeedCursor {
                next: Some(step.to_string()),
                synced_at: None,
            })
        }
    }
}

/// What is found in a vault, or must be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    submitted: Vec<u64>,
    drafts: BTreeMap<u64, u64>,
    setting: Option<u64>,
    heard: Option<u64>,
    heard_of: u64,
}

impl Content {
    /// After so many steps.
    pub(super) fn after(steps: u64) -> Self {
        let mut content = Self::default();
        for step in 1..=steps {
            match kind(step) {
                Kind::Submit => content.submitted.push(step),
                Kind::Type => {
                    content.drafts.insert(step % DRAFTS, step);
                    content.setting = Some(step);
                }
                Kind::Hear => {
                    content.heard = Some(step);
                    content.heard_of += 1;
                }
            }
        }
        content
    }

    /// Of a vault. A value that is not what was written is an error.
    pub(super) fn of(vault: &Vault) -> Result<Self> {
        vault.read_blocking(|view| Ok(read(view)))?
    }

    /// Whether it is the content after so many answered steps, or one more that was under way.
    pub(super) fn keeps(&self, answered: u64) -> bool {
        *self == Self::after(answered) || *self == Self::after(answered + 1)
    }

    /// As [`Self::keeps`], for what is the person's own: what the portal sends again may be older.
    pub(super) fn keeps_own(&self, answered: u64) -> bool {
        let expected = Self::after(answered);
        (&self.submitted, &self.drafts, self.setting)
            == (&expected.submitted, &expected.drafts, expected.setting)
            && self.heard_of == self.heard.map_or(0, |last| last / 3)
    }
}

fn read(view: &VaultView<'_>) -> Result<Content> {
    let mut content = Content::default();
    for row in view.list_outbox()? {
        let step = low_bits(row.sealed.application);
        if row.sealed != sealed(step) {
            bail!("a submission was altered");
        }
        content.submitted.push(step);
    }
    for place in 0..DRAFTS {
        if let Some(draft) = view.find_draft(draft_id(place))? {
            let typed = draft.answers.get(FIELD).and_then(Value::as_u64);
            content.drafts.extend(typed.map(|step| (place, step)));
        }
    }
    content.setting = view
        .find_setting("step")?
        .and_then(|step| step.parse().ok());
    let heard = view.load_feed_cursor()?.next;
    content.heard = heard.and_then(|step| step.parse().ok());
    for step in (3..=content.heard.unwrap_or(0)).step_by(3) {
        content.heard_of += u64::from(view.find_dialog(heard_id(step))?.is_some());
    }
    Ok(content)
}

/// The pages that fail their check, and what SQLite's own check says; nothing when all is well.
pub(super) fn check(path: &Path) -> Result<Vec<String>> {
    let db = rusqlite::Connection::open(path)?;
    db.execute_batch(&format!(
        "PRAGMA cipher_log_level = NONE; PRAGMA key = \"x'{}{}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;",
        format!("{KEY_BYTE:02x}").repeat(32),
        format!("{SALT_BYTE:02x}").repeat(16)
    ))?;
    let mut faults = Vec::new();
    for check in ["cipher_integrity_check", "integrity_check"] {
        let mut statement = db.prepare(&format!("PRAGMA {check}"))?;
        let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
        for line in lines {
            faults.extend(Some(line?).filter(|line| line != "ok"));
        }
    }
    Ok(faults)
}

fn service() -> ServiceId {
    "passport-replacement".parse().expect("a service's name")
}

fn at(step: u64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(step.cast_signed())
}

fn id(space: u128, number: u64) -> ApplicationId {
    ApplicationId::new(Uuid::from_u128((space << 64) | u128::from(number)))
}

fn draft_id(place: u64) -> ApplicationId {
    id(1, place)
}

fn heard_id(step: u64) -> ApplicationId {
    id(2, step)
}

fn low_bits(id: ApplicationId) -> u64 {
    id.as_uuid().as_u64_pair().1
}

fn sealed(step: u64) -> Sealed {
    Sealed {
        key: IdempotencyKey::new(Uuid::from_u128(u128::from(step) << 32)),
        application: id(0, step),
        service: service(),
        person: "person-1".parse().expect("a person's name"),
        form_version: 1,
        submission: 1,
        acting_for: None,
        answers: Answers::from_iter([(FIELD.to_owned(), json!(step))]),
        fingerprint: [9; 32],
        sealed_at: at(step),
    }
}

fn draft(step: u64) -> Draft {
    Draft {
        conflicts: Answers::default(),
        application: draft_id(step % DRAFTS),
        service: service(),
        form_version: 1,
        submission: 1,
        acting_for: None,
        answers: Answers::from_iter([
            (FIELD.to_owned(), json!(step)),
            (
                "reason".to_owned(),
                json!("Испорчен, не подлежит восстановлению".repeat(40)),
            ),
        ]),
        from_profile: Vec::new(),
        step: 0,
        faults: None,
        saved_at: at(step),
    }
}

fn copy(step: u64) -> PortalCopy {
    PortalCopy {
        id: heard_id(step),
        revision: 1,
        service: service(),
        title: NAMES.0.to_owned(),
        agency: NAMES.1.to_owned(),
        number: step.to_string(),
        status: ApplicationStatus::Registered,
        changed_at: at(step),
        due_at: None,
        dialog: "{}".to_owned(),
    }
}

//! Login and password: counted before they are compared.

use uc_model::{PersonId, SecretString};

use super::{DeviceId, Peer, Subject};
use crate::{
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry, Refusal, Scene},
    passwords::{MAX_PASSWORD_BYTES, PasswordError, Verdict},
    portal::Portal,
    store::{Account, Admission, Guess, LoginName, StoreError},
};

/// Where somebody tries to sign in.
#[derive(Debug, Clone, Copy)]
pub struct Visit {
    /// From which address.
    pub peer: Peer,
    /// Of the secret in the browser's device cookie, where it has one.
    pub device: Option<TokenHash>,
}

/// What login and password said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recognised {
    /// They are this person's.
    Person {
        /// Whose.
        person: PersonId,
        /// The browser, where the person is known in it.
        device: Option<DeviceId>,
    },
    /// They are nobody's.
    Nobody,
    /// They were not compared: too many were.
    TooMany {
        /// When the next ones may come.
        until: jiff::Timestamp,
    },
}

/// Why nothing was said.
#[derive(Debug, thiserror::Error)]
pub enum RecogniseError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hashing failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// Whose login and password these are. As much work, and the same answer, whether the account exists or not.
pub async fn recognise(
    portal: &Portal,
    login: &str,
    password: SecretString,
    visit: Visit,
) -> Result<Recognised, RecogniseError> {
    if password.expose().len() > MAX_PASSWORD_BYTES {
        return Ok(Recognised::Nobody);
    }
    let account = portal.store.find_account(LoginName::parse(login)).await?;
    compare(portal, login, account, password, visit).await
}

/// Whether this is the password of a person who is signed in and does something that a session alone does not allow.
pub async fn confirm(
    portal: &Portal,
    person: PersonId,
    password: SecretString,
    visit: Visit,
) -> Result<Recognised, RecogniseError> {
    if password.expose().len() > MAX_PASSWORD_BYTES {
        return Ok(Recognised::Nobody);
    }
    let account = portal.store.find_account_of(person).await?;
    compare(portal, "", account, password, visit).await
}

async fn compare(
    portal: &Portal,
    login: &str,
    account: Option<Account>,
    password: SecretString,
    visit: Visit,
) -> Result<Recognised, RecogniseError> {
    let person = account.as_ref().map(|account| &account.person);
    let device = known_device(portal, person, visit).await?;
    let guess = guess(portal, login, account.as_ref(), device, visit);
    if let Admission::Refused { until } = portal.store.begin_guess(guess.clone()).await? {
        return Ok(Recognised::TooMany { until });
    }
    let hash = account
        .as_ref()
        .map(|account| account.password_hash.clone());
    let verdict = portal.passwords.verify(password.clone(), hash).await?;
    tracing::info!(?verdict, "a password was given");
    match (account, verdict) {
        (Some(account), Verdict::Right | Verdict::RightOfOldParameters) => {
            if verdict == Verdict::RightOfOldParameters {
                strengthen(portal, &account, password).await?;
            }
            portal.store.settle_right_guess(guess).await?;
            Ok(Recognised::Person {
                person: account.person,
                device,
            })
        }
        (account, Verdict::Wrong) | (account @ None, _) => {
            let entry = refusal(account.map(|account| account.person), guess.scene);
            portal.store.settle_wrong_guess(guess, entry).await?;
            Ok(Recognised::Nobody)
        }
    }
}

/// The browser, where the account's person is known in it. The store is asked in any case.
pub(crate) async fn known_device(
    portal: &Portal,
    person: Option<&PersonId>,
    visit: Visit,
) -> Result<Option<DeviceId>, StoreError> {
    let Some(token) = visit.device else {
        return Ok(None);
    };
    let found = portal.store.find_device(token, person.cloned()).await?;
    Ok(found.filter(|device| device.known).map(|device| device.id))
}

fn guess(
    portal: &Portal,
    login: &str,
    account: Option<&Account>,
    device: Option<DeviceId>,
    visit: Visit,
) -> Guess {
    let now = portal.clock.now();
    let subjects = match (account, device) {
        (Some(account), Some(device)) => vec![
            Subject::Device(device),
            Subject::Devices(account.person.clone()),
        ],
        (Some(account), None) => vec![
            Subject::Account(account.person.clone()),
            Subject::Address(visit.peer.counted()),
        ],
        (None, _) => vec![
            Subject::Name(LoginName::parse(login).fingerprint(login)),
            Subject::Address(visit.peer.counted()),
        ],
    };
    Guess {
        attempt: portal.entropy.uuid(now),
        subjects,
        person: account.map(|account| account.person.clone()),
        scene: Scene {
            at: now,
            address: Some(visit.peer.coarse()),
            device,
        },
    }
}

fn refusal(person: Option<PersonId>, scene: Scene) -> NewEntry {
    let refusal = match person {
        Some(_) => Refusal::WrongPassword,
        None => Refusal::UnknownAccount,
    };
    NewEntry {
        event: AuthEvent::PasswordRefused { refusal },
        person,
        scene,
    }
}

/// Hashes a right password anew when the parameters have risen since.
async fn strengthen(
    portal: &Portal,
    account: &Account,
    password: SecretString,
) -> Result<(), RecogniseError> {
    let hash = portal.passwords.hash(password, &portal.entropy).await?;
    let person = account.person.clone();
    let old = account.password_hash.clone();
    portal
        .store
        .replace_password_hash(person, old, hash)
        .await?;
    Ok(())
}

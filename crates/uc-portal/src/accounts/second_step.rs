//! The second factor: counted before it is compared, as passwords are.

use jiff::Timestamp;
use uc_model::PersonId;

use super::{
    CodeSlot, Factor, OneTimeCode, RecogniseError, RecoveryCode, Subject, Visit,
    password::known_device,
};
use crate::{
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry, Scene},
    passwords::Verdict,
    portal::Portal,
    store::{Admission, CodeTry, Guess, StoreError},
};

/// What a second factor said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is the person's, and is used up.
    Right(Factor),
    /// It is not, or was used before.
    Wrong,
    /// It was not compared: too many were.
    TooMany {
        /// When the next may come.
        until: Timestamp,
    },
}

/// Whether this is a second factor of the person. A right one is used up. `sent` is where a code was sent for, if one was.
pub async fn check_factor(
    portal: &Portal,
    person: &PersonId,
    typed: &str,
    sent: Option<&CodeSlot>,
    visit: Visit,
) -> Result<Checked, RecogniseError> {
    count(
        portal,
        person,
        visit,
        find_factor(portal, person, typed, sent),
    )
    .await
}

/// Whether this is the answer of an authenticator of the person to what was asked under `slot`.
pub async fn check_passkey(
    portal: &Portal,
    person: &PersonId,
    slot: TokenHash,
    answer: &str,
    visit: Visit,
) -> Result<Checked, RecogniseError> {
    count(
        portal,
        person,
        visit,
        find_passkey(portal, person, slot, answer),
    )
    .await
}

/// Counts the guess before it is compared.
async fn count(
    portal: &Portal,
    person: &PersonId,
    visit: Visit,
    compare: impl Future<Output = Result<Option<Factor>, RecogniseError>>,
) -> Result<Checked, RecogniseError> {
    let guess = guess(portal, person, visit).await?;
    if let Admission::Refused { until } = portal.store.begin_guess(guess.clone()).await? {
        return Ok(Checked::TooMany { until });
    }
    if let Some(factor) = compare.await? {
        portal.store.settle_right_guess(guess).await?;
        return Ok(Checked::Right(factor));
    }
    let entry = NewEntry {
        event: AuthEvent::FactorRefused,
        person: Some(person.clone()),
        scene: guess.scene,
    };
    portal.store.settle_wrong_guess(guess, entry).await?;
    Ok(Checked::Wrong)
}

async fn find_passkey(
    portal: &Portal,
    person: &PersonId,
    slot: TokenHash,
    answer: &str,
) -> Result<Option<Factor>, RecogniseError> {
    let (kept, now) = (
        portal.store.list_passkeys(person.clone()).await?,
        portal.clock.now(),
    );
    let Some(shown) = portal.passkeys.take(slot, answer, kept, now) else {
        return Ok(None);
    };
    let updated = portal.store.update_passkey(shown.id, shown.passkey, now);
    Ok(updated.await?.then_some(Factor::Passkey))
}

async fn guess(portal: &Portal, person: &PersonId, visit: Visit) -> Result<Guess, StoreError> {
    let now = portal.clock.now();
    let device = known_device(portal, Some(person), visit).await?;
    Ok(Guess {
        attempt: portal.entropy.uuid(now),
        subjects: vec![match device {
            Some(device) => Subject::FactorAtDevice(device),
            None => Subject::Factor(person.clone()),
        }],
        person: Some(person.clone()),
        scene: Scene {
            at: now,
            address: Some(visit.peer.coarse()),
            device,
        },
    })
}

async fn find_factor(
    portal: &Portal,
    person: &PersonId,
    typed: &str,
    sent: Option<&CodeSlot>,
) -> Result<Option<Factor>, RecogniseError> {
    if let Some(code) = RecoveryCode::typed(typed) {
        return find_recovery_code(portal, person, code).await;
    }
    let Some(code) = OneTimeCode::typed(typed) else {
        return Ok(None);
    };
    let now = portal.clock.now();
    let Some(secret) = portal.store.find_totp(person.clone()).await? else {
        // A message stands in for no app.
        let Some(slot) = sent else {
            return Ok(None);
        };
        let tried = portal.store.try_sent_code(slot.id(), slot.seal(code), now);
        return Ok((tried.await? == CodeTry::Right).then_some(Factor::Sms));
    };
    let Some(step) = secret.step_of(code, now) else {
        return Ok(None);
    };
    let fresh = portal.store.use_totp_step(person.clone(), step).await?;
    Ok(fresh.then_some(Factor::Totp))
}

async fn find_recovery_code(
    portal: &Portal,
    person: &PersonId,
    code: RecoveryCode,
) -> Result<Option<Factor>, RecogniseError> {
    let place = code.place();
    let kept = portal
        .store
        .find_recovery_code(person.clone(), place.clone())
        .await?;
    let letters = code.letters().clone();
    match portal.passwords.verify(letters, kept).await? {
        Verdict::Wrong => Ok(None),
        Verdict::Right | Verdict::RightOfOldParameters => {
            let used = portal.store.use_recovery_code(person.clone(), place);
            Ok(used.await?.then_some(Factor::RecoveryCode))
        }
    }
}

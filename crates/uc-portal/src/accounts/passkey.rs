//! Passkeys: what an authenticator is asked, and what its answer is worth (`WebAuthn` Level 3).
//!
//! A question is kept in memory until it is answered, once, or five minutes have passed. Who answers after a restart asks
//! again.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::{entropy::TokenHash, oidc::Issuer, store::KeptPasskey};

/// A question may be answered that long.
const OPEN_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Questions kept at once, at most: bounds what strangers can make us remember.
const MOST: usize = 10_000;
/// Bytes of an answer, at most.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// What authenticators are asked in the name of the portal.
pub struct Passkeys {
    /// None where the portal has an address and no name: passkeys are bound to names.
    relying_party: Option<Webauthn>,
    questions: Mutex<HashMap<TokenHash, Question>>,
}

struct Question {
    asked: Asked,
    until: Timestamp,
}

enum Asked {
    New(PasskeyRegistration),
    Known(PasskeyAuthentication),
}

impl Passkeys {
    /// Those of a portal with this issuer.
    pub fn of(issuer: &Issuer) -> Result<Self, WebauthnError> {
        let origin = Url::parse(issuer.as_str()).ok();
        let named = origin
            .as_ref()
            .and_then(|origin| Some((origin, origin.domain()?)));
        let relying_party =
            named.map(|(origin, domain)| WebauthnBuilder::new(domain, origin)?.build());
        Ok(Self {
            relying_party: relying_party.transpose()?,
            questions: Mutex::default(),
        })
    }

    /// Whether the portal has a name that they can be bound to.
    #[must_use]
    pub const fn are_possible(&self) -> bool {
        self.relying_party.is_some()
    }

    /// Asks for a new key: options for the browser, as JSON. `slot` is what the answer is found by.
    pub fn ask_new(
        &self,
        slot: TokenHash,
        (person, name): (&str, &str),
        kept: &[KeptPasskey],
        now: Timestamp,
    ) -> Option<String> {
        let known = kept
            .iter()
            .map(|key| key.passkey.cred_id().clone())
            .collect();
        let begun = self.relying_party.as_ref()?.start_passkey_registration(
            handle(person),
            name,
            name,
            Some(known),
        );
        let (options, state) = begun.inspect_err(refused).ok()?;
        self.keep(slot, Asked::New(state), now)?;
        serde_json::to_string(&options).ok()
    }

    /// The new key, if this answers what was asked.
    pub fn take_new(&self, slot: TokenHash, answer: &str, now: Timestamp) -> Option<Passkey> {
        let Asked::New(state) = self.settle(slot, now)? else {
            return None;
        };
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let relying_party = self.relying_party.as_ref()?;
        let made = relying_party.finish_passkey_registration(&answer, &state);
        made.inspect_err(refused).ok()
    }

    /// Asks for one of these keys: options for the browser, as JSON.
    pub fn ask(&self, slot: TokenHash, kept: &[KeptPasskey], now: Timestamp) -> Option<String> {
        let keys: Vec<Passkey> = kept.iter().map(|key| key.passkey.clone()).collect();
        if keys.is_empty() {
            return None;
        }
        let begun = self
            .relying_party
            .as_ref()?
            .start_passkey_authentication(&keys);
        let (options, state) = begun.inspect_err(refused).ok()?;
        self.keep(slot, Asked::Known(state), now)?;
        serde_json::to_string(&options).ok()
    }

    /// Which of these keys was shown, with its new counter, if this answers what was asked. A counter that goes back is a
    /// copy's (§6.1.1): the answer is refused.
    pub fn take(
        &self,
        slot: TokenHash,
        answer: &str,
        kept: Vec<KeptPasskey>,
        now: Timestamp,
    ) -> Option<KeptPasskey> {
        let Asked::Known(state) = self.settle(slot, now)? else {
            return None;
        };
        let answer: PublicKeyCredential = read(answer)?;
        let relying_party = self.relying_party.as_ref()?;
        let shown = relying_party.finish_passkey_authentication(&answer, &state);
        let shown = shown.inspect_err(refused).ok()?;
        let mut key = kept
            .into_iter()
            .find(|key| key.passkey.cred_id() == shown.cred_id())?;
        key.passkey.update_credential(&shown)?;
        Some(key)
    }

    fn keep(&self, slot: TokenHash, asked: Asked, now: Timestamp) -> Option<()> {
        let until = now.checked_add(OPEN_FOR).ok()?;
        let mut questions = self.questions();
        questions.retain(|_, question| question.until > now);
        let fits = questions.len() < MOST || questions.contains_key(&slot);
        fits.then(|| questions.insert(slot, Question { asked, until }))?;
        Some(())
    }

    /// What was asked; answered once, rightly or wrongly.
    fn settle(&self, slot: TokenHash, now: Timestamp) -> Option<Asked> {
        let question = self.questions().remove(&slot)?;
        (question.until > now).then_some(question.asked)
    }

    fn questions(&self) -> MutexGuard<'_, HashMap<TokenHash, Question>> {
        self.questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Of a person, for the authenticator to know that two keys are of one account. It says nothing of who they are.
fn handle(person: &str) -> Uuid {
    let digest: [u8; 32] = Sha256::digest(format!("passkey/v1\0{person}")).into();
    let (half, _) = digest.split_at(16);
    Uuid::from_slice(half).unwrap_or_default()
}

fn read<T: serde::de::DeserializeOwned>(answer: &str) -> Option<T> {
    let fits = answer.len() <= MAX_ANSWER_BYTES;
    fits.then(|| serde_json::from_str(answer).ok()).flatten()
}

fn refused(error: &WebauthnError) {
    tracing::info!(%error, "an authenticator's answer was refused");
}

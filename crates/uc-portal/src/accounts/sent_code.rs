//! Codes that are sent to a person: six digits, five minutes, five tries, for one purpose of one flow (ASVS 6.5, 6.6).

use jiff::{SignedDuration, Timestamp, ToSpan};
use sha2::{Digest, Sha256};
use uc_model::{PersonId, SecretString};

use super::{CountedAddress, OneTimeCode};
use crate::{
    entropy::TokenHash,
    pages::Language,
    portal::Portal,
    senders::{Letter, NewMessage, Purpose, Recipient},
    store::{NewSentCode, Sending, StoreError},
};

/// An address of a name that there never is (RFC 2606 §2).
const NOBODY: &str = "nobody@invalid";
/// A code opens something that long.
const CODE_MINUTES: i64 = 5;

/// What a sent code opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePurpose {
    /// An account of one's own.
    Registration,
    /// An account whose password is lost.
    Recovery,
    /// A sign-in, after the password.
    SecondStep,
    /// An e-mail address that becomes the account's.
    Email,
}

impl CodePurpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Recovery => "recovery",
            Self::SecondStep => "second-step",
            Self::Email => "email",
        }
    }
}

/// What a code is bound to: its purpose, the flow that asked for it, and whom it is sent to or for. A code of another
/// slot does not open it: whoever gets one for themselves cannot turn the flow to somebody else and show it.
#[derive(Debug, Clone)]
pub struct CodeSlot {
    purpose: CodePurpose,
    secret: SecretString,
}

impl CodeSlot {
    /// The slot of a flow, whose id its browser alone knows, for a phone or a person.
    #[must_use]
    pub fn of(purpose: CodePurpose, flow: &str, whom: &str) -> Self {
        Self {
            purpose,
            secret: format!("{flow}\0{whom}").into(),
        }
    }

    /// What the store knows it by.
    #[must_use]
    pub fn id(&self) -> TokenHash {
        self.hash(b"")
    }

    /// What the store knows a code by. It says nothing without the flow's id.
    #[must_use]
    pub fn seal(&self, code: OneTimeCode) -> TokenHash {
        self.hash(code.digits().as_bytes())
    }

    fn hash(&self, code: &[u8]) -> TokenHash {
        let digest = Sha256::new()
            .chain_update(b"sent-code/v1\0")
            .chain_update(self.purpose.word())
            .chain_update(b"\0")
            .chain_update(self.secret.expose().as_bytes())
            .chain_update(b"\0")
            .chain_update(code)
            .finalize();
        TokenHash(digest.into())
    }
}

/// What sent codes are counted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendingSubject {
    /// Where codes arrive that anybody may ask for.
    Receiver(TokenHash),
    /// A person who has shown the password.
    Person(PersonId),
    /// Where anybody asks from.
    Address(CountedAddress),
}

/// What a subject allows within a span of time, and within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendingAllowance {
    /// Codes within [`SendingAllowance::SPAN`].
    pub in_a_span: u32,
    /// Codes within [`SendingAllowance::DAY`].
    pub in_a_day: u32,
}

impl SendingAllowance {
    /// The shorter time.
    pub const SPAN: SignedDuration = SignedDuration::from_mins(10);
    /// The longer time.
    pub const DAY: SignedDuration = SignedDuration::from_hours(24);
}

impl SendingSubject {
    /// A receiver, by its address.
    #[must_use]
    pub fn receiver(to: &Recipient) -> Self {
        Self::Receiver(TokenHash::of(to.address()))
    }

    /// What it is stored by.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Receiver(hash) => format!("receiver:{}", crate::data_dir::hex(&hash.0).as_str()),
            Self::Person(person) => format!("person:{person}"),
            Self::Address(address) => format!("address:{address}"),
        }
    }

    /// What it allows.
    #[must_use]
    pub const fn allowance(&self) -> SendingAllowance {
        match self {
            Self::Receiver(_) | Self::Person(_) => SendingAllowance {
                in_a_span: 3,
                in_a_day: 10,
            },
            // Many people may share an address; each message costs the portal's keeper money.
            Self::Address(_) => SendingAllowance {
                in_a_span: 30,
                in_a_day: 200,
            },
        }
    }
}

/// Whom a code goes to, and what it is counted for.
#[derive(Debug)]
pub struct CodeAddress {
    /// Where to.
    pub to: Recipient,
    /// Whose account it is about.
    pub person: Option<PersonId>,
    /// What it is counted for.
    pub subjects: Vec<SendingSubject>,
    /// In which language.
    pub language: Language,
}

/// Sends a new code; the one before opens nothing any more.
pub async fn send_code(
    portal: &Portal,
    slot: &CodeSlot,
    address: CodeAddress,
) -> Result<Sending, StoreError> {
    let code = OneTimeCode::draw(&portal.entropy);
    let t = portal.pages.frame(address.language).t;
    let body = t.letter_code_body.replace("{code}", &code.digits());
    let words = (t.letter_code_subject.clone(), body);
    send(portal, slot, Some(code), address.subjects, |now| {
        message(portal, address.to, address.person, words, now)
    })
    .await
}

/// Does as much as [`send_code`], and as visibly, where no code may open anything: another message goes there.
pub async fn send_no_code(
    portal: &Portal,
    slot: &CodeSlot,
    subjects: Vec<SendingSubject>,
    (to, body): (Recipient, String),
    language: Language,
) -> Result<Sending, StoreError> {
    let subject = portal.pages.frame(language).t.letter_code_subject.clone();
    send(portal, slot, None, subjects, |now| {
        message(portal, to, None, (subject, body), now)
    })
    .await
}

/// The same where there is nobody to write to: a message that is worthless as it is written takes as long (AU-04).
pub async fn send_to_nobody(
    portal: &Portal,
    slot: &CodeSlot,
    subjects: Vec<SendingSubject>,
    language: Language,
) -> Result<Sending, StoreError> {
    let t = portal.pages.frame(language).t;
    let words = (t.letter_code_subject.clone(), t.letter_code_body.clone());
    send(portal, slot, None, subjects, |now| NewMessage {
        expires_at: now,
        ..message(
            portal,
            Recipient::Email(NOBODY.to_owned()),
            None,
            words,
            now,
        )
    })
    .await
}

async fn send(
    portal: &Portal,
    slot: &CodeSlot,
    code: Option<OneTimeCode>,
    subjects: Vec<SendingSubject>,
    letter: impl FnOnce(Timestamp) -> NewMessage,
) -> Result<Sending, StoreError> {
    let now = portal.clock.now();
    let new = NewSentCode {
        slot: slot.id(),
        code: code.map(|code| slot.seal(code)),
        subjects,
        letter: letter(now),
        sent_at: now,
        expires_at: now + CODE_MINUTES.minutes(),
    };
    let sending = portal.store.send_code(new).await?;
    portal.post.ring();
    Ok(sending)
}

fn message(
    portal: &Portal,
    to: Recipient,
    person: Option<PersonId>,
    (subject, body): (String, String),
    now: Timestamp,
) -> NewMessage {
    NewMessage {
        id: portal.entropy.uuid(now),
        person,
        purpose: Purpose::Code,
        letter: Letter { to, subject, body },
        created_at: now,
        expires_at: now + CODE_MINUTES.minutes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_03_a_code_is_bound_to_purpose_flow_and_receiver() {
        let code = OneTimeCode::typed("123456").unwrap();
        let slot = CodeSlot::of(CodePurpose::Registration, "flow", "+79000000042");
        for other in [
            CodeSlot::of(CodePurpose::Recovery, "flow", "+79000000042"),
            CodeSlot::of(CodePurpose::SecondStep, "flow", "+79000000042"),
            CodeSlot::of(CodePurpose::Registration, "flow2", "+79000000042"),
            CodeSlot::of(CodePurpose::Registration, "flow", "+79000000043"),
        ] {
            assert_ne!(slot.id(), other.id());
            assert_ne!(slot.seal(code), other.seal(code));
        }
        assert_eq!(
            slot.seal(code),
            slot.seal(OneTimeCode::typed("123-456").unwrap())
        );
        assert!(!format!("{slot:?}").contains("flow"));
    }
}

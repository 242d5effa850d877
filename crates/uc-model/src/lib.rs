//! The words of the domain: identifiers, checked texts, states and their transitions.
//!
//! No I/O, no clock, no randomness. Compiles for `wasm32-unknown-unknown`, so that the interface, the core and the
//! portal share one meaning.

mod account;
mod acting;
mod answers;
mod application;
mod attachment;
mod catalogue;
mod id;
mod money;
mod person;
mod pin;
mod secret;

pub use account::AccountLevel;
pub use acting::ActingFor;
pub use answers::Answers;
pub use application::{ApplicationStatus, InvalidTransition, OutboxState};
pub use attachment::{
    Attachment, ContentHash, FileKind, InvalidHash, MAX_FILE_BYTES, MAX_FILE_NAME,
};
pub use catalogue::{Audience, Channel, Level, Marks, Term};
pub use id::{
    AgencyId, ApplicationId, IdempotencyKey, InvalidId, LifeSituationId, MessageId, PersonId,
    RegionId, ServiceId, SessionId,
};
pub use money::Money;
pub use person::{
    InnOrganisation, InnPerson, InvalidText, Ogrn, Ogrnip, PassportNumber, Phone, Snils,
};
pub use pin::{PIN_DIGITS, Passcode, PasscodeFault};
pub use secret::{Secret, SecretBytes, SecretString};

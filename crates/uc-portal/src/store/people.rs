//! Persons and what they sign in by.

use jiff::Timestamp;
use uc_model::{PersonId, Phone, SecretString, Snils};
use uc_portal_api::PersonProfile;

use super::Reply;
use crate::{entropy::TokenHash, journal::Scene, senders::NewMessage};

/// What a person typed to say who they are, in each form that it may be read in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LoginName {
    /// As a phone number.
    pub phone: Option<Phone>,
    /// As an e-mail address, in lower case.
    pub email: Option<String>,
    /// As a СНИЛС.
    pub snils: Option<Snils>,
}

impl LoginName {
    /// Reads any text; one that is nothing of the kind finds nobody.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        Self {
            phone: text.parse().ok(),
            email: text.contains('@').then(|| text.to_lowercase()),
            snils: text.parse().ok(),
        }
    }

    /// What guesses for this name are counted by: the same however it was written.
    #[must_use]
    pub fn fingerprint(&self, text: &str) -> TokenHash {
        let phone = self.phone.as_ref().map(Phone::as_str);
        let snils = self.snils.as_ref().map(Snils::as_str);
        match phone.or(snils).or(self.email.as_deref()) {
            Some(name) => TokenHash::of(name),
            None => TokenHash::of(&text.trim().to_lowercase()),
        }
    }
}

impl std::fmt::Debug for LoginName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginName(•••)")
    }
}

/// A person's means to sign in.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose.
    pub person: PersonId,
    /// PHC string.
    pub password_hash: SecretString,
}

/// A person to add. Sign-in names are taken from the profile.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The profile.
    pub profile: PersonProfile,
    /// PHC string.
    pub password_hash: SecretString,
    /// Whether the phone of the profile was shown to be theirs.
    pub is_phone_confirmed: bool,
}

/// An e-mail address that was shown to be a person's.
#[derive(Debug)]
pub struct NewEmail {
    /// Whose.
    pub person: PersonId,
    /// In lower case.
    pub address: String,
    /// What goes on its way in the same transaction.
    pub notices: Vec<NewMessage>,
    /// When and where.
    pub scene: Scene,
}

/// Persons.
pub trait PersonStore {
    /// The account that a login name belongs to.
    fn find_account(&self, name: LoginName) -> Reply<'_, Option<Account>>;

    /// The account of a person.
    fn find_account_of(&self, person: PersonId) -> Reply<'_, Option<Account>>;

    /// Puts a new hash in the place of `old`; nothing when another has taken it meanwhile.
    fn replace_password_hash(
        &self,
        person: PersonId,
        old: SecretString,
        new: SecretString,
    ) -> Reply<'_, ()>;

    /// A person's profile.
    fn find_profile(&self, person: PersonId) -> Reply<'_, Option<PersonProfile>>;

    /// The same with whom they may act for.
    fn find_whole_profile(&self, person: PersonId) -> Reply<'_, Option<PersonProfile>>;

    /// Makes an address the person's, to sign in by as well; `false` when it is another's, which changes nothing.
    fn replace_email(&self, new: NewEmail) -> Reply<'_, bool>;

    /// Adds a person; `false` when the id or a sign-in name is somebody's already, which changes nothing.
    fn insert_person(&self, person: NewPerson, now: Timestamp) -> Reply<'_, bool>;
}

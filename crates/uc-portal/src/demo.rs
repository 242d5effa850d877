//! Invented citizens for trying the portal out.

use serde::Deserialize;
use uc_model::SecretString;
use uc_portal_api::PersonProfile;

use crate::{
    clock::PortalClock,
    entropy::Entropy,
    passwords::{PasswordError, Passwords},
    store::{NewPerson, PersonStore, StoreError},
};

/// A demo citizen. The password is no secret: it is printed by `demo-users`.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoPerson {
    /// What to sign in with, besides the phone, e-mail or СНИЛС of the profile.
    pub password: String,
    /// The profile.
    #[serde(flatten)]
    pub profile: PersonProfile,
}

/// Why there are no demo citizens.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The embedded data does not read.
    #[error("the demo's data is malformed")]
    Malformed(#[from] toml::de::Error),
    /// A password was not hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// They were not stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Deserialize)]
struct DemoData {
    person: Vec<DemoPerson>,
}

/// The demo's citizens.
pub fn persons() -> Result<Vec<DemoPerson>, DemoError> {
    let data: DemoData = toml::from_str(include_str!("../demo/persons.toml"))?;
    Ok(data.person)
}

/// Adds those that are not there.
pub async fn seed<S: PersonStore + ?Sized>(
    store: &S,
    passwords: &Passwords,
    entropy: &Entropy,
    clock: &dyn PortalClock,
) -> Result<(), DemoError> {
    for person in persons()? {
        if store
            .find_profile(person.profile.id.clone())
            .await?
            .is_some()
        {
            continue;
        }
        let password = SecretString::new(person.password);
        let person = NewPerson {
            password_hash: passwords.hash(password, entropy).await?,
            profile: person.profile,
        };
        store.insert_person(person, clock.now()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_demo_has_three_citizens_with_valid_numbers() {
        let persons = super::persons().unwrap();
        assert_eq!(persons.len(), 3);
        assert!(persons.iter().all(|person| person.profile.snils.is_some()));
    }
}

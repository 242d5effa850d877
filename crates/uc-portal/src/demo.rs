//! Invented citizens for trying the portal out.

use serde::Deserialize;
use uc_model::{PersonId, SecretString};
use uc_portal_api::PersonProfile;

use crate::{
    clock::PortalClock,
    entropy::Entropy,
    passwords::{PasswordError, Passwords},
    registry::{Change, ChangeError, HeldRole, Role},
    store::{NewPerson, PersonStore, RegistryStore, StoreError},
};

/// A demo citizen. The password is no secret: it is printed by `demo-users`.
#[derive(Debug, Clone, Deserialize)]
pub struct DemoPerson {
    /// What to sign in with, besides the phone, e-mail or СНИЛС of the profile.
    pub password: String,
    /// The role of somebody who works for the portal ([`Role::of_staff`]), who gets codes by SMS.
    #[serde(default)]
    pub staff: Option<String>,
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
    /// A role was not given.
    #[error(transparent)]
    Role(#[from] ChangeError),
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
pub async fn seed<S: PersonStore + RegistryStore + ?Sized>(
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
        let role = person.staff.as_deref().and_then(Role::of_staff);
        let id = person.profile.id.clone();
        let new = NewPerson {
            password_hash: passwords.hash(password, entropy).await?,
            profile: person.profile,
            is_phone_confirmed: role.is_some(),
        };
        store.insert_person(new, clock.now()).await?;
        if let Some(role) = role {
            give(store, id, role, clock).await?;
        }
    }
    Ok(())
}

async fn give<S: RegistryStore + ?Sized>(
    store: &S,
    person: PersonId,
    role: Role,
    clock: &dyn PortalClock,
) -> Result<(), DemoError> {
    let held = HeldRole {
        person,
        role,
        until: None,
    };
    let given = store.change_registry(Change::Give(held), clock.now());
    Ok(given.await??)
}

#[cfg(test)]
mod tests {
    use crate::registry::Role;

    #[test]
    fn the_demo_has_three_citizens_with_valid_numbers_and_an_operator() {
        let mut persons = super::persons().unwrap();
        let operator = persons.pop().unwrap();
        let role = operator.staff.as_deref().and_then(Role::of_staff);
        assert_eq!(role, Some(Role::Operator));
        assert_eq!(persons.len(), 3);
        let is_citizen =
            |person: &super::DemoPerson| person.staff.is_none() && person.profile.snils.is_some();
        assert!(persons.iter().all(is_citizen));
    }
}

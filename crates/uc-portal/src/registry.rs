//! The registry of persons and legal entities: who acts in which role, until when, and what that entitles to.
//!
//! Every person is a citizen; other roles are given and taken by whoever runs the portal (`uc-portal registry`). Roles are
//! looked up in the transaction that depends on them, so that a change is in force from the next request on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::{ActingFor, Audience, InnOrganisation, Ogrn, Ogrnip, PersonId};

/// A legal entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Its number in the register of legal entities, which names it for ever.
    pub ogrn: Ogrn,
    /// Its number as a taxpayer.
    pub inn: InnOrganisation,
    /// Its name.
    pub name: String,
}

/// What somebody is beside a citizen.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "role", content = "number", rename_all = "snake_case")]
pub enum Role {
    /// A sole proprietor, registered under this number.
    Entrepreneur(Ogrnip),
    /// Acts for this legal entity.
    Representative(Ogrn),
    /// Works for the portal: compares documents with what persons say.
    Operator,
    /// Works for an agency.
    Officer,
    /// Works for the portal: answers persons.
    Support,
    /// Runs the portal.
    Administrator,
    /// Looks after those who run it, and changes nothing.
    Auditor,
}

impl Role {
    /// The role without whose it is.
    #[must_use]
    pub const fn kind(&self) -> RoleKind {
        match self {
            Self::Entrepreneur(_) => RoleKind::Entrepreneur,
            Self::Representative(_) => RoleKind::Representative,
            Self::Operator => RoleKind::Operator,
            Self::Officer => RoleKind::Officer,
            Self::Support => RoleKind::Support,
            Self::Administrator => RoleKind::Administrator,
            Self::Auditor => RoleKind::Auditor,
        }
    }

    /// The role of those who work for the portal or an agency, by its word: `operator`, `officer`, `support`,
    /// `administrator`, `auditor`.
    #[must_use]
    pub fn of_staff(word: &str) -> Option<Self> {
        Self::STAFF
            .into_iter()
            .find(|role| role.word() == Some(word))
    }

    /// The word of [`Role::of_staff`]; none for roles that have a number.
    #[must_use]
    pub const fn word(&self) -> Option<&'static str> {
        match self {
            Self::Entrepreneur(_) | Self::Representative(_) => None,
            Self::Operator => Some("operator"),
            Self::Officer => Some("officer"),
            Self::Support => Some("support"),
            Self::Administrator => Some("administrator"),
            Self::Auditor => Some("auditor"),
        }
    }

    /// All roles of [`Role::of_staff`].
    pub const STAFF: [Self; 5] = [
        Self::Operator,
        Self::Officer,
        Self::Support,
        Self::Administrator,
        Self::Auditor,
    ];
}

/// A role as the journal tells it: numbers stay in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleKind {
    /// A sole proprietor.
    Entrepreneur,
    /// Somebody who acts for a legal entity.
    Representative,
    /// Somebody who compares documents.
    Operator,
    /// Somebody of an agency.
    Officer,
    /// Somebody who answers persons.
    Support,
    /// Somebody who runs the portal.
    Administrator,
    /// Somebody who looks after those who run it.
    Auditor,
}

/// What those who work for the portal may do at its desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Power {
    /// See persons' documents, and confirm or return them.
    ConfirmDocuments,
    /// See who signed in, and what looks unusual.
    WatchSignIns,
}

/// Whether one of these roles gives this power.
#[must_use]
pub fn empowers(roles: &[Role], power: Power) -> bool {
    roles.iter().any(|role| match power {
        Power::ConfirmDocuments => matches!(role, Role::Operator),
        Power::WatchSignIns => matches!(role, Role::Administrator | Role::Auditor),
    })
}

/// A role that a person has or had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRole {
    /// Who.
    pub person: PersonId,
    /// What.
    #[serde(flatten)]
    pub role: Role,
    /// Until when; absent when it has no term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl HeldRole {
    /// Whether it holds at this instant.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// A change of the registry.
#[derive(Debug, Clone)]
pub enum Change {
    /// A legal entity is entered, or what is known of it changes.
    Enter(Organisation),
    /// A person gets a role, or another term for it.
    Give(HeldRole),
    /// A person loses a role.
    Take {
        /// Who.
        person: PersonId,
        /// What.
        role: Role,
    },
}

/// Why a change is not made. No number is in any text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// Nobody has this id.
    #[error("no person has this id")]
    UnknownPerson,
    /// Nobody entered it.
    #[error("the legal entity is not in the registry: enter it first")]
    UnknownOrganisation,
    /// The number is another's.
    #[error("the number belongs to another entry of the registry")]
    Taken,
    /// The person does not have it.
    #[error("the person does not have this role")]
    NotHeld,
}

/// Whether a person with these roles may use a public service that is meant for this audience, in this name; in their own
/// where there is none.
#[must_use]
pub fn entitles(roles: &[Role], audience: &[Audience], acting_for: Option<&ActingFor>) -> bool {
    let (meant, role) = match acting_for {
        None => return audience.contains(&Audience::Citizen),
        Some(ActingFor::Organisation(number)) => {
            (Audience::Organisation, Role::Representative(number.clone()))
        }
        Some(ActingFor::Entrepreneur(number)) => {
            (Audience::Entrepreneur, Role::Entrepreneur(number.clone()))
        }
    };
    audience.contains(&meant) && roles.contains(&role)
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use super::*;

    #[test]
    fn auth_07_each_name_is_for_its_own_services_and_for_those_who_may_act_in_it() {
        let (business, company) = ("304500116000157", "1027700132195");
        let proprietor = Role::Entrepreneur(business.parse().unwrap());
        let representative = Role::Representative(company.parse().unwrap());
        let all = [
            Audience::Citizen,
            Audience::Entrepreneur,
            Audience::Organisation,
        ];
        let names = [None, Some(business), Some(company), Some("1027700092661")];
        let may = |roles: &[Role], audience: &[Audience]| {
            names.map(|name| {
                let name = name.map(|number| number.parse().unwrap());
                entitles(roles, audience, name.as_ref())
            })
        };
        assert_eq!(may(&[], &all), [true, false, false, false]);
        assert_eq!(may(from_ref(&proprietor), &all), [true, true, false, false]);
        assert_eq!(
            may(from_ref(&representative), &all),
            [true, false, true, false]
        );
        let both = [proprietor, representative];
        assert_eq!(may(&both, &[]), [false; 4]);
        assert_eq!(
            may(&both, &[Audience::Citizen]),
            [true, false, false, false]
        );
        assert_eq!(
            may(&both, &[Audience::Organisation]),
            [false, false, true, false]
        );
    }

    #[test]
    fn auth_07_each_role_of_staff_has_its_own_powers() {
        for role in Role::STAFF {
            let has = |power| empowers(from_ref(&role), power);
            let confirms = role == Role::Operator;
            let watches = matches!(role, Role::Administrator | Role::Auditor);
            assert_eq!(has(Power::ConfirmDocuments), confirms, "{role:?}");
            assert_eq!(has(Power::WatchSignIns), watches, "{role:?}");
            assert!(!entitles(&[role], &[Audience::Organisation], None));
        }
        let proprietor = Role::Entrepreneur("304500116000157".parse().unwrap());
        assert!(!empowers(&[proprietor], Power::ConfirmDocuments));
    }

    #[test]
    fn auth_07_a_role_ends_with_its_term() {
        let held = |until: Option<&str>| HeldRole {
            person: "demo-anna".parse().unwrap(),
            role: Role::Representative("1027700132195".parse().unwrap()),
            until: until.map(|text| text.parse().unwrap()),
        };
        let now = "2026-03-02T09:00:00Z".parse().unwrap();
        assert!(held(None).holds(now));
        assert!(held(Some("2026-03-02T09:00:01Z")).holds(now));
        assert!(!held(Some("2026-03-02T09:00:00Z")).holds(now));
    }
}

//! `registry`: who acts in which role, also while a portal runs; a change is in force from the next request on.

use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use uc_model::{InnOrganisation, Ogrn, Ogrnip, PersonId};
use uc_portal::{
    PortalClock, SystemClock,
    registry::{Change, HeldRole, Organisation, Role},
    store::sqlite::{change_registry, list_all_roles},
};

use super::{journal::Database, print};

#[derive(Subcommand)]
pub(super) enum Verb {
    /// Enters a legal entity, or changes what is known of it.
    #[command(
        after_help = "Example:\n  uc-portal registry enter --data-dir ~/.local/share/uc-portal --ogrn 1027700132195 --inn 7707083893 --name 'Example LLC'"
    )]
    Enter {
        #[command(flatten)]
        database: Database,
        /// Its ОГРН.
        #[arg(long)]
        ogrn: Ogrn,
        /// Its ИНН.
        #[arg(long)]
        inn: InnOrganisation,
        /// Its name.
        #[arg(long)]
        name: String,
    },
    /// Gives a person a role, or another term for it.
    #[command(
        after_help = "Example:\n  uc-portal registry give --data-dir ~/.local/share/uc-portal --person demo-anna --organisation 1027700132195 --until 2027-01-01T00:00:00+03:00"
    )]
    Give {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        whose: Whose,
        /// The instant at which it ends; without one it has no term.
        #[arg(long, value_name = "INSTANT")]
        until: Option<Timestamp>,
    },
    /// Takes a role from a person.
    #[command(
        after_help = "Example:\n  uc-portal registry take --data-dir ~/.local/share/uc-portal --person demo-anna --organisation 1027700132195"
    )]
    Take {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        whose: Whose,
    },
    /// Prints all roles with their terms, ended ones among them, one JSON object a line.
    #[command(
        after_help = "Example:\n  uc-portal registry list --data-dir ~/.local/share/uc-portal"
    )]
    List {
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Args)]
pub(super) struct Whose {
    /// The person's id.
    #[arg(long, value_name = "ID")]
    person: PersonId,
    #[command(flatten)]
    number: Number,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Number {
    /// Acts for the legal entity with this ОГРН.
    #[arg(long, value_name = "OGRN")]
    organisation: Option<Ogrn>,
    /// Is the sole proprietor with this ОГРНИП.
    #[arg(long, value_name = "OGRNIP")]
    entrepreneur: Option<Ogrnip>,
    /// Works for the portal or an agency.
    #[arg(long, value_name = "ROLE", value_parser = of_staff)]
    staff: Option<Role>,
}

fn of_staff(word: &str) -> Result<Role, String> {
    let words = Role::STAFF.map(|role| role.word().unwrap_or_default());
    Role::of_staff(word).ok_or_else(|| format!("one of {}", words.join(", ")))
}

impl Number {
    fn role(self) -> anyhow::Result<Role> {
        let representative = self.organisation.map(Role::Representative);
        representative
            .or(self.entrepreneur.map(Role::Entrepreneur))
            .or(self.staff)
            .context("a role needs --organisation, --entrepreneur or --staff")
    }
}

pub(super) fn run(verb: Verb) -> anyhow::Result<()> {
    let (database, change) = match verb {
        Verb::Enter {
            database,
            ogrn,
            inn,
            name,
        } => (database, Change::Enter(Organisation { ogrn, inn, name })),
        Verb::Give {
            database,
            whose: Whose { person, number },
            until,
        } => {
            let role = number.role()?;
            let held = HeldRole {
                person,
                role,
                until,
            };
            (database, Change::Give(held))
        }
        Verb::Take {
            database,
            whose: Whose { person, number },
        } => {
            let role = number.role()?;
            (database, Change::Take { person, role })
        }
        Verb::List { database } => return list(&database),
    };
    let (path, key) = database.open()?;
    Ok(change_registry(&path, &key, &change, SystemClock.now())?)
}

fn list(database: &Database) -> anyhow::Result<()> {
    let (path, key) = database.open()?;
    for held in list_all_roles(&path, &key)? {
        print(&serde_json::to_string(&held)?)?;
    }
    Ok(())
}

//! Passwords and codes that were compared.

use jiff::Timestamp;
use uc_model::PersonId;
use uuid::Uuid;

use super::Reply;
use crate::{
    accounts::Subject,
    journal::{NewEntry, Scene},
};

/// A password or code about to be compared.
#[derive(Debug, Clone)]
pub struct Guess {
    /// Its id.
    pub attempt: Uuid,
    /// What it counts for.
    pub subjects: Vec<Subject>,
    /// Whose account it is for, where there is one.
    pub person: Option<PersonId>,
    /// When and where.
    pub scene: Scene,
}

/// Whether a guess may be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It may, and counts as wrong until it is settled.
    Admitted,
    /// Too many were.
    Refused {
        /// When the next may come.
        until: Timestamp,
    },
}

/// Guesses.
pub trait GuessStore {
    /// Admits a guess if all its subjects allow one more; guesses at the same time included.
    fn begin_guess(&self, guess: Guess) -> Reply<'_, Admission>;

    /// It was right: it does not count, and those before it bring no more pauses.
    fn settle_right_guess(&self, guess: Guess) -> Reply<'_, ()>;

    /// It was wrong, which `entry` says in the journal; a lock that follows is said too.
    fn settle_wrong_guess(&self, guess: Guess, entry: NewEntry) -> Reply<'_, ()>;
}

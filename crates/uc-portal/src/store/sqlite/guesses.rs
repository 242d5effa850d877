//! Table `guess`.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{SqliteStore, StoreError, instant, journal};
use crate::{
    accounts::{Allowance, Subject, Tally},
    journal::{AuthEvent, NewEntry},
    store::{Admission, Guess, GuessStore, Reply},
};

impl GuessStore for SqliteStore {
    fn begin_guess(&self, guess: Guess) -> Reply<'_, Admission> {
        Box::pin(async move {
            // Most of a flood is turned away without a write.
            let asked = guess.clone();
            let looked = self.read(move |db| judge(db, &asked)).await?;
            if let Judgement::TurnedAway { until, told: true } = looked {
                return Ok(Admission::Refused { until });
            }
            self.write(move |tx| begin(tx, &guess)).await
        })
    }

    fn settle_right_guess(&self, guess: Guess) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM guess WHERE attempt = ?1")?
                .execute([guess.attempt.to_string()])?;
            for subject in guess.subjects.iter().filter(|subject| subject.forgives()) {
                tx.prepare_cached("UPDATE guess SET forgiven = 1 WHERE subject = ?1")?
                    .execute([subject.key()])?;
            }
            Ok(())
        })
    }

    fn settle_wrong_guess(&self, guess: Guess, entry: NewEntry) -> Reply<'_, ()> {
        self.write(move |tx| {
            journal::append(tx, &entry)?;
            for subject in &guess.subjects {
                let tally = tally(tx, subject, guess.scene.at)?.tally;
                if is_of_an_account(subject) && subject.allowance().locks(&tally) {
                    journal::append(tx, &about(&guess, AuthEvent::Locked))?;
                }
            }
            Ok(())
        })
    }
}

/// Whether the subject's lock is an account's lock.
const fn is_of_an_account(subject: &Subject) -> bool {
    match subject {
        Subject::Account(_)
        | Subject::Device(_)
        | Subject::Devices(_)
        | Subject::Factor(_)
        | Subject::FactorAtDevice(_) => true,
        Subject::Name(_) | Subject::Address(_) => false,
    }
}

fn about(guess: &Guess, event: AuthEvent) -> NewEntry {
    NewEntry {
        event,
        person: guess.person.clone(),
        scene: guess.scene,
    }
}

/// Whether a guess may come.
enum Judgement {
    Welcome,
    TurnedAway {
        until: Timestamp,
        /// The journal knows of it.
        told: bool,
    },
}

fn begin(tx: &Connection, guess: &Guess) -> Result<Admission, StoreError> {
    forget(tx, guess.scene.at)?;
    match judge(tx, guess)? {
        Judgement::TurnedAway { until, told } => {
            if !told {
                tell(tx, guess)?;
            }
            Ok(Admission::Refused { until })
        }
        Judgement::Welcome => {
            insert(tx, guess)?;
            Ok(Admission::Admitted)
        }
    }
}

fn judge(db: &Connection, guess: &Guess) -> Result<Judgement, StoreError> {
    let mut judgement = Judgement::Welcome;
    for subject in &guess.subjects {
        let row = tally(db, subject, guess.scene.at)?;
        let Some(wait) = subject.allowance().wait(&row.tally, guess.scene.at) else {
            continue;
        };
        judgement = match judgement {
            Judgement::TurnedAway { until, told } => Judgement::TurnedAway {
                until: until.max(wait),
                told: told && row.told,
            },
            Judgement::Welcome => Judgement::TurnedAway {
                until: wait,
                told: row.told,
            },
        };
    }
    Ok(judgement)
}

struct TallyRow {
    tally: Tally,
    told: bool,
}

fn tally(db: &Connection, subject: &Subject, now: Timestamp) -> Result<TallyRow, StoreError> {
    let row = db
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE forgiven = 0), min(at),
                    max(at) FILTER (WHERE forgiven = 0), coalesce(min(told), 0)
             FROM guess WHERE subject = ?1 AND at > ?2",
        )?
        .query_row(params![subject.key(), day_before(now)], |row| {
            Ok(TallyRow {
                tally: Tally {
                    in_a_day: row.get(0)?,
                    since_right: row.get(1)?,
                    first: row.get::<_, Option<i64>>(2)?.map(instant),
                    last: row.get::<_, Option<i64>>(3)?.map(instant),
                },
                told: row.get(4)?,
            })
        })?;
    Ok(row)
}

fn day_before(now: Timestamp) -> i64 {
    now.as_millisecond()
        .saturating_sub(i64::try_from(Allowance::DAY.as_millis()).unwrap_or(i64::MAX))
}

fn forget(tx: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM guess WHERE at <= ?1")?
        .execute([day_before(now)])?;
    Ok(())
}

fn insert(tx: &Connection, guess: &Guess) -> rusqlite::Result<()> {
    let mut statement =
        tx.prepare_cached("INSERT INTO guess (attempt, subject, at) VALUES (?1, ?2, ?3)")?;
    for subject in &guess.subjects {
        statement.execute(params![
            guess.attempt.to_string(),
            subject.key(),
            guess.scene.at.as_millisecond()
        ])?;
    }
    Ok(())
}

/// One entry for each guess that brought a pause, however many are turned away in it.
fn tell(tx: &Connection, guess: &Guess) -> Result<(), StoreError> {
    for subject in &guess.subjects {
        tx.prepare_cached("UPDATE guess SET told = 1 WHERE subject = ?1 AND told = 0")?
            .execute([subject.key()])?;
    }
    journal::append(tx, &about(guess, AuthEvent::TurnedAway))
}

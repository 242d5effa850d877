//! The sending of submissions.
//!
//! A submission is repeated with its own idempotency key until the portal says what became of it, so that a lost
//! answer neither loses nor doubles it. Submissions for one service go one after the other, in the order in which
//! «send» was pressed.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};
use uc_model::{OutboxState, ServiceId};

/// The pause after the first attempt that failed; each further one doubles it.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// The longest pause, whatever a portal asks for.
pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// A submission on its way, as far as planning needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The order of the presses of «send».
    pub seq: i64,
    /// What is applied for.
    pub service: ServiceId,
    /// How far it got.
    pub state: OutboxState,
    /// Attempts so far.
    pub attempts: u32,
    /// Not to be sent before.
    pub next_at: Timestamp,
}

/// What to do now, and when to look again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// To be sent now, by `seq`, in this order.
    pub send: Vec<i64>,
    /// When the next one is due; absent when nothing waits for an instant.
    pub wake_at: Option<Timestamp>,
}

/// Whether pauses are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Haste {
    /// A failed submission waits for its next instant.
    Patient,
    /// Something speaks for another try now: the person asked, or the portal can be reached again.
    Eager,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The portal has it.
    Registered,
    /// The request certainly did not get to the portal, or the portal certainly did not carry it out.
    NotTaken {
        /// When the portal wants to be asked again, if it said so.
        retry_after: Option<SignedDuration>,
    },
    /// Nobody knows whether the portal carried it out.
    AnswerLost,
    /// The portal refused it, for a reason that the person can mend.
    Refused,
}

/// What to write down about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How far it got.
    pub state: OutboxState,
    /// Attempts so far.
    pub attempts: u32,
    /// Not to be sent before.
    pub next_at: Timestamp,
}

/// What to send now.
#[must_use]
pub fn next(rows: &[Pending], haste: Haste, now: Timestamp) -> Plan {
    let mut in_order: Vec<&Pending> = rows.iter().filter(|row| row.state.is_pending()).collect();
    in_order.sort_by_key(|row| row.seq);
    let mut busy = HashSet::new();
    let mut plan = Plan::default();
    for row in in_order {
        if !busy.insert(&row.service) {
            continue;
        }
        if row.next_at <= now || haste == Haste::Eager {
            plan.send.push(row.seq);
        } else {
            plan.wake_at = Some(plan.wake_at.map_or(row.next_at, |at| at.min(row.next_at)));
        }
    }
    plan
}

/// To be written before the request leaves: from here on the portal may have it.
#[must_use]
pub fn begin(row: &Pending, now: Timestamp) -> Progress {
    let staged = row.state.advance(OutboxState::Staged).unwrap_or(row.state);
    Progress {
        state: staged.advance(OutboxState::Sending).unwrap_or(staged),
        attempts: row.attempts.saturating_add(1),
        next_at: now,
    }
}

/// To be written after an attempt. `before` is the submission as it was before [`begin`].
#[must_use]
pub fn apply(before: &Pending, outcome: Outcome, now: Timestamp) -> Progress {
    let attempts = before.attempts.saturating_add(1);
    let pause = pause(attempts, outcome);
    Progress {
        state: state_after(before.state, outcome),
        attempts,
        next_at: now.checked_add(pause).unwrap_or(Timestamp::MAX),
    }
}

/// The state in which a submission is found after the process ended: a request under way may have arrived.
#[must_use]
pub fn recover(state: OutboxState) -> OutboxState {
    match state {
        OutboxState::Sending => OutboxState::Unknown,
        OutboxState::Draft
        | OutboxState::Sealed
        | OutboxState::Staged
        | OutboxState::Unknown
        | OutboxState::Registered
        | OutboxState::NeedsYou
        | OutboxState::Cancelled => state,
    }
}

/// An attempt that did not arrive says nothing of an earlier one whose answer was lost.
fn state_after(before: OutboxState, outcome: Outcome) -> OutboxState {
    match outcome {
        Outcome::Registered => OutboxState::Registered,
        Outcome::Refused => OutboxState::NeedsYou,
        Outcome::AnswerLost => OutboxState::Unknown,
        Outcome::NotTaken { .. } => match recover(before) {
            OutboxState::Unknown => OutboxState::Unknown,
            OutboxState::Draft
            | OutboxState::Sealed
            | OutboxState::Staged
            | OutboxState::Sending
            | OutboxState::Registered
            | OutboxState::NeedsYou
            | OutboxState::Cancelled => OutboxState::Staged,
        },
    }
}

fn pause(attempts: u32, outcome: Outcome) -> SignedDuration {
    let own = FIRST_PAUSE
        .checked_mul(1 << attempts.saturating_sub(1).min(20))
        .unwrap_or(LONGEST_PAUSE);
    let asked = match outcome {
        Outcome::NotTaken { retry_after } => retry_after.unwrap_or(own),
        Outcome::AnswerLost | Outcome::Registered | Outcome::Refused => own,
    };
    asked.clamp(SignedDuration::from_secs(1), LONGEST_PAUSE)
}

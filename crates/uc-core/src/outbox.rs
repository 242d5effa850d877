//! Applications on their way to the portal.

mod upload;

pub(crate) use upload::bring_files;

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::future::select;
use jiff::{SignedDuration, Timestamp};
use uc_forms::{BrokenRule, FieldFault, Form};
use uc_ipc::{Connectivity, IpcError, View};
use uc_model::{OutboxState, PersonId};
use uc_notify::Phrase;
use uc_portal_api::{
    Dialog, FieldProblem, Problem, ProblemCode, SubmitApplication, SubmittedApplication,
};
use uc_store::{OutboxRow, Vault};
use uc_sync::outbox::{Haste, Outcome, Pending, Progress, apply, begin, next, recover};

use crate::{
    Core, applications, notifications,
    portal::{Answer, Call, PortalError},
    sync,
};

/// How often it is looked whether something waits, when nothing is known to.
const IDLE: Duration = Duration::from_hours(1);

/// What became of an attempt.
enum Reply {
    /// The portal has it.
    Taken(Box<Dialog>),
    /// It goes on being sent.
    Again(Outcome),
    /// The person must look at it: the faults that the portal named.
    Returned(Vec<FieldProblem>, Phrase),
    /// The portal has decided: nothing can be submitted any more.
    Overtaken,
}

/// Sends what is due, until the core ends.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        let wake_at = drain(&core, Haste::Patient).await;
        let pause = wake_at.map_or(IDLE, |at| until(at, core.now()));
        select(
            Box::pin(core.desk.outbox_bell.notified()),
            core.clock().sleep(pause),
        )
        .await;
    }
}

fn until(at: Timestamp, now: Timestamp) -> Duration {
    let pause = Duration::try_from(at.duration_since(now)).unwrap_or_default();
    pause.clamp(Duration::from_secs(1), IDLE)
}

/// Sends what is owed, one after the other, and says when to look again. Ends at the first sign that the portal
/// cannot be reached.
pub(crate) async fn drain(core: &Core, haste: Haste) -> Option<Timestamp> {
    let _sending = core.desk.outbox.lock().await;
    match Box::pin(drain_alone(core, haste)).await {
        Ok(wake_at) => wake_at,
        Err(IpcError::Locked | IpcError::SignInRequired) => None,
        Err(error) => {
            tracing::warn!(%error, "the outbox waits");
            None
        }
    }
}

async fn drain_alone(core: &Core, haste: Haste) -> Result<Option<Timestamp>, IpcError> {
    settle_interrupted(core).await?;
    let mut tried = HashSet::new();
    loop {
        let Some(person) = core.person() else {
            return Ok(None);
        };
        let mut rows = core.look(|view| view.list_outbox()).await?;
        rows.retain(|row| row.sealed.person == person);
        let pending: Vec<Pending> = rows.iter().map(pending).collect();
        let plan = next(&pending, haste, core.now());
        let Some(seq) = plan.send.iter().find(|seq| !tried.contains(*seq)) else {
            return Ok(plan.wake_at);
        };
        tried.insert(*seq);
        if let Some(row) = rows.into_iter().find(|row| row.seq == *seq) {
            send(core, row).await?;
        }
        if core.state().connectivity == Connectivity::Offline {
            let rows = core.look(|view| view.list_outbox()).await?;
            return Ok(rows.iter().map(|row| row.next_at).min());
        }
    }
}

/// A request that was under way when the process ended may have arrived.
async fn settle_interrupted(core: &Core) -> Result<(), IpcError> {
    let rows = core.look(|view| view.list_outbox()).await?;
    let interrupted: Vec<OutboxRow> = rows
        .into_iter()
        .filter(|row| recover(row.state) != row.state)
        .collect();
    if interrupted.is_empty() {
        return Ok(());
    }
    core.keep(move |tx| {
        interrupted.iter().try_for_each(|row| {
            tx.update_outbox_row(row.seq, recover(row.state), row.attempts, row.next_at)
                .map(drop)
        })
    })
    .await?;
    core.changed(View::Applications);
    Ok(())
}

/// One attempt: its files first, then written down, sent, and written down again.
async fn send(core: &Core, row: OutboxRow) -> Result<(), IpcError> {
    let before = pending(&row);
    let reply = if let Some(obstacle) = upload::send_files(core, &row).await? {
        obstacle
    } else {
        write_progress(core, row.seq, begin(&before, core.now())).await?;
        read_reply(core.call(call(&row)).await)
    };
    match reply {
        Reply::Taken(dialog) => register(core, row.seq, *dialog).await?,
        Reply::Again(outcome) => {
            write_progress(core, row.seq, apply(&before, outcome, core.now())).await?;
        }
        Reply::Returned(fields, phrase) => give_back(core, &row, &fields, phrase).await?,
        Reply::Overtaken => {
            core.keep_outbox(move |tx| tx.delete_outbox_row(row.seq))
                .await?;
            core.ring();
        }
    }
    core.changed(View::Applications);
    Ok(())
}

fn call(row: &OutboxRow) -> Call<SubmitApplication> {
    let sealed = &row.sealed;
    let body = SubmittedApplication {
        service: sealed.service.clone(),
        form_version: sealed.form_version,
        revision: sealed.submission,
        acting_for: sealed.acting_for.clone(),
        answers: sealed.answers.clone(),
    };
    Call::new((), body)
        .of(sealed.application)
        .with_key(sealed.key)
}

fn pending(row: &OutboxRow) -> Pending {
    Pending {
        seq: row.seq,
        service: row.sealed.service.clone(),
        state: row.state,
        attempts: row.attempts,
        next_at: row.next_at,
    }
}

async fn write_progress(core: &Core, seq: i64, progress: Progress) -> Result<(), IpcError> {
    core.keep(move |tx| {
        tx.update_outbox_row(seq, progress.state, progress.attempts, progress.next_at)
    })
    .await?;
    core.changed(View::Applications);
    Ok(())
}

fn read_reply(reply: Result<Answer<Dialog>, PortalError>) -> Reply {
    match reply {
        Ok(Answer::New(dialog, _)) => Reply::Taken(Box::new(dialog)),
        Ok(Answer::Known) | Err(PortalError::Interrupted | PortalError::Malformed) => {
            Reply::Again(Outcome::AnswerLost)
        }
        Err(PortalError::Offline | PortalError::Untrusted | PortalError::SignInRequired) => {
            Reply::Again(Outcome::NotTaken { retry_after: None })
        }
        Err(PortalError::Problem {
            problem,
            retry_after,
        }) => read_problem(problem, retry_after),
    }
}

fn read_problem(problem: Problem, retry_after: Option<Duration>) -> Reply {
    let retry_after = retry_after.and_then(|pause| SignedDuration::try_from(pause).ok());
    match problem.code {
        ProblemCode::InvalidAnswers => Reply::Returned(problem.fields, Phrase::Returned),
        ProblemCode::StaleForm => Reply::Returned(Vec::new(), Phrase::FormChanged),
        ProblemCode::AccountLevelTooLow => Reply::Returned(Vec::new(), Phrase::LevelTooLow),
        ProblemCode::AlreadyDecided => Reply::Overtaken,
        ProblemCode::TooManyRequests
        | ProblemCode::Unavailable
        | ProblemCode::Unauthorized
        | ProblemCode::DeviceNotProven
        | ProblemCode::InProgress => Reply::Again(Outcome::NotTaken { retry_after }),
        ProblemCode::Internal => Reply::Again(Outcome::AnswerLost),
        ProblemCode::Unknown if problem.status >= 500 => Reply::Again(Outcome::AnswerLost),
        // A conflict of revisions: another device was faster. Both are kept, and the person looks at them.
        ProblemCode::RevisionConflict
        | ProblemCode::BadRequest
        | ProblemCode::NotFound
        | ProblemCode::NotOffered
        | ProblemCode::NotEntitled
        | ProblemCode::IdempotencyKeyMissing
        | ProblemCode::IdempotencyMismatch
        | ProblemCode::CursorGone
        | ProblemCode::TooLarge
        | ProblemCode::FileRefused
        | ProblemCode::NoRoom
        | ProblemCode::Unknown => Reply::Returned(Vec::new(), Phrase::Returned),
    }
}

/// The portal's copy comes in and the submission goes out, in one transaction.
async fn register(core: &Core, seq: i64, dialog: Dialog) -> Result<(), IpcError> {
    let agency = sync::feed::agency_names(core, &[&dialog]).await?;
    core.keep_outbox(move |tx| {
        sync::feed::write_dialog(tx, &dialog, &agency)?;
        tx.delete_outbox_row(seq)
    })
    .await?;
    core.changed(View::Inbox);
    Ok(())
}

/// The submission becomes a draft again, with what is wrong with it.
async fn give_back(
    core: &Core,
    row: &OutboxRow,
    fields: &[FieldProblem],
    phrase: Phrase,
) -> Result<(), IpcError> {
    let faults = read_faults(core, row, fields).await?;
    let faults = serde_json::to_value(faults).map_err(|error| core.internal(&error))?;
    let draft = applications::draft_again(row, Some(faults), core.now());
    let names = core.names_of(&row.sealed.service).await?;
    let (id, seq) = (row.sealed.application, row.seq);
    core.keep_outbox(move |tx| {
        tx.update_draft(&draft, (&names.0, &names.1))?;
        tx.delete_outbox_row(seq)
    })
    .await?;
    core.desk.forget_form(id);
    notifications::show(core, phrase, Some(id));
    Ok(())
}

/// The portal's faults in the form's own terms, as far as the form knows them.
async fn read_faults(
    core: &Core,
    row: &OutboxRow,
    fields: &[FieldProblem],
) -> Result<Vec<FieldFault>, IpcError> {
    let service = row.sealed.service.clone();
    let form = core.browse(move |view| view.find_form(&service)).await?;
    let form = form.and_then(|form| Form::parse(&form.schema, &form.layout).ok());
    Ok(fields
        .iter()
        .map(|problem| {
            let field = form.as_ref().and_then(|form| form.field(&problem.field));
            let answer = row.sealed.answers.get(&problem.field);
            let own = field
                .zip(answer)
                .and_then(|(field, answer)| field.fault(answer));
            FieldFault {
                property: problem.field.clone(),
                rule: own.unwrap_or_else(|| rule_of(&problem.rule)),
            }
        })
        .collect())
}

fn rule_of(keyword: &str) -> BrokenRule {
    match keyword {
        "required" => BrokenRule::Required,
        "const" => BrokenRule::NotConfirmed,
        "type" => BrokenRule::WrongType,
        "oneOf" | "enum" => BrokenRule::NotAChoice,
        "additionalProperties" => BrokenRule::Unknown,
        "contentMediaType" => BrokenRule::FileKind,
        "contentEncoding" => BrokenRule::FileDamaged,
        "size" => BrokenRule::FileTooLarge {
            max: uc_model::MAX_FILE_BYTES,
        },
        "room" => BrokenRule::FileNoRoom,
        "file" => BrokenRule::FileAbsent,
        _ => BrokenRule::Pattern,
    }
}

/// Applications in an open vault that would be lost with it.
pub(crate) async fn count_unsent(core: &Core, vault: &Vault) -> Result<u32, IpcError> {
    let counted = vault.read(|view| view.count_outbox()).await;
    counted.map_err(|error| core.store_fault(&error))
}

/// Puts what was saved of a damaged vault into the new one.
pub(crate) async fn restore(core: &Core, vault: &Vault, saved: Vec<OutboxRow>) {
    for mut row in saved {
        row.state = match recover(row.state) {
            OutboxState::Unknown => OutboxState::Unknown,
            // The saved state may be an old one: the portal may have it.
            OutboxState::Draft
            | OutboxState::Sealed
            | OutboxState::Staged
            | OutboxState::Sending
            | OutboxState::Registered
            | OutboxState::NeedsYou
            | OutboxState::Cancelled => OutboxState::Sealed,
        };
        let names = core.names_of(&row.sealed.service).await.unwrap_or_default();
        let restored = vault.write(move |tx| tx.restore_outbox_row(&row, (&names.0, &names.1)));
        if let Err(error) = restored.await {
            tracing::error!(%error, "a submission was not saved");
        }
    }
}

impl Core {
    /// Who is at work here.
    pub(crate) fn person(&self) -> Option<PersonId> {
        let mut state = self.state();
        state.open_session()?.subject.parse().ok()
    }
}

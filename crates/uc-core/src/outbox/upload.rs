//! The files that a submission names go before it: the portal takes no submission whose files it does not have.

use uc_forms::BrokenRule;
use uc_ipc::IpcError;
use uc_model::{Answers, ApplicationId, Attachment, ContentHash};
use uc_notify::Phrase;
use uc_portal_api::{BeginUpload, FieldProblem, NewFile, Problem, ProblemCode, UploadState};
use uc_store::OutboxRow;
use uc_sync::outbox::Outcome;

use super::Reply;
use crate::{
    Core,
    portal::{Answer, Call, PortalError},
};

/// Bytes of a chunk: a slow network gets through with it before a request is given up.
const CHUNK_BYTES: usize = 256 * 1024;
/// Chunks beyond those that a file has: the portal may ask for some again.
const MORE_CHUNKS: u64 = 16;

/// Sends what the portal does not have of the files of a submission. What stands in the way is what becomes of it.
pub(super) async fn send_files(core: &Core, row: &OutboxRow) -> Result<Option<Reply>, IpcError> {
    let application = row.sealed.application;
    for (property, attachment) in attachments(&row.sealed.answers) {
        if let Err(obstacle) = send_file(core, application, &attachment).await? {
            return Ok(Some(obstacle.reply(&property)));
        }
    }
    Ok(None)
}

/// Sends what the portal does not have of the files of a draft. Says whether the draft may follow: not while some are to come.
pub(crate) async fn bring_files(
    core: &Core,
    application: ApplicationId,
    answers: &Answers,
) -> Result<bool, IpcError> {
    for (_, attachment) in attachments(answers) {
        let sent = send_file(core, application, &attachment).await?;
        if matches!(sent, Err(Obstacle::Later(_))) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Answers that name a file.
fn attachments(answers: &Answers) -> Vec<(String, Attachment)> {
    let named = answers.iter().filter_map(|(property, answer)| {
        let attachment = serde_json::from_value(answer.clone()).ok()?;
        Some((property.clone(), attachment))
    });
    named.collect()
}

/// Why a file is not with the portal.
enum Obstacle {
    /// It goes on later. Files are sent again without harm, so that a lost answer is as good as none.
    Later(Outcome),
    /// The person must choose another file.
    Wrong(BrokenRule),
}

impl Obstacle {
    fn reply(self, property: &str) -> Reply {
        match self {
            Self::Later(outcome) => Reply::Again(outcome),
            Self::Wrong(rule) => {
                let fault = FieldProblem {
                    field: property.to_owned(),
                    rule: rule.keyword().to_owned(),
                };
                Reply::Returned(vec![fault], Phrase::Returned)
            }
        }
    }
}

const LATER: Obstacle = Obstacle::Later(Outcome::NotTaken { retry_after: None });

async fn send_file(
    core: &Core,
    application: ApplicationId,
    attachment: &Attachment,
) -> Result<Result<(), Obstacle>, IpcError> {
    let new = NewFile {
        size: attachment.size,
    };
    let begin = Call::<BeginUpload>::new((), new).of(attachment.file);
    let mut state = match read(core.call(begin).await) {
        Ok(state) => state,
        Err(obstacle) => return Ok(Err(obstacle)),
    };
    for _ in 0..attachment.size / CHUNK_BYTES as u64 + MORE_CHUNKS {
        if state.stored {
            return Ok(Ok(()));
        }
        if core.desk.is_wanted_back(application) {
            break;
        }
        let start = state.received.min(attachment.size.saturating_sub(1));
        let Some(chunk) = read_chunk(core, attachment.file, start).await? else {
            return Ok(Err(Obstacle::Wrong(BrokenRule::FileAbsent)));
        };
        state = match read(core.put_chunk(attachment.file, start, chunk).await) {
            Ok(state) => state,
            Err(obstacle) => return Ok(Err(obstacle)),
        };
    }
    Ok(if state.stored { Ok(()) } else { Err(LATER) })
}

async fn read_chunk(
    core: &Core,
    file: ContentHash,
    start: u64,
) -> Result<Option<Vec<u8>>, IpcError> {
    let part = core.look(move |view| view.read_file(file, start)).await?;
    Ok(part.map(|mut part| {
        part.truncate(CHUNK_BYTES);
        part
    }))
}

fn read(answer: Result<Answer<UploadState>, PortalError>) -> Result<UploadState, Obstacle> {
    match answer {
        Ok(Answer::New(state, _)) => Ok(state),
        Err(PortalError::Problem {
            problem,
            retry_after,
        }) => Err(read_problem(&problem).map_or_else(
            || {
                let retry_after = retry_after.and_then(|pause| pause.try_into().ok());
                Obstacle::Later(Outcome::NotTaken { retry_after })
            },
            Obstacle::Wrong,
        )),
        Ok(Answer::Known)
        | Err(
            PortalError::Offline
            | PortalError::Interrupted
            | PortalError::Untrusted
            | PortalError::SignInRequired
            | PortalError::Malformed,
        ) => Err(LATER),
    }
}

/// What is wrong with the file itself.
fn read_problem(problem: &Problem) -> Option<BrokenRule> {
    let said = problem.fields.first().map(|field| field.rule.as_str());
    match (problem.code, said) {
        (ProblemCode::FileRefused, Some("contentMediaType")) => Some(BrokenRule::FileKind),
        (ProblemCode::FileRefused, _) => Some(BrokenRule::FileDamaged),
        (ProblemCode::TooLarge, _) => Some(BrokenRule::FileTooLarge {
            max: uc_model::MAX_FILE_BYTES,
        }),
        (ProblemCode::NoRoom, _) => Some(BrokenRule::FileNoRoom),
        _ => None,
    }
}

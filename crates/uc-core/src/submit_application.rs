//! Sending a filled form.

use std::time::Duration;

use futures_util::future::select;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use uc_forms::{BrokenRule, FieldFault, Form, verdict::Verdict};
use uc_ipc::{ApplicationDetails, IpcError, SubmitApplication, View};
use uc_model::{Answers, IdempotencyKey};
use uc_portal_api::SubmittedApplication;
use uc_store::{Sealed, StoreError};
use uc_sync::outbox::Haste;

use crate::{Core, applications, forms::next_submission, outbox};

/// How long the person waits for the portal's answer before reading that the application is on its way.
const PATIENCE: Duration = Duration::from_secs(8);

/// Checks and seals a filled form, tries to send it, and returns the application. Offline it waits on the device.
pub(crate) async fn submit_application(
    core: &Core,
    request: SubmitApplication,
) -> Result<ApplicationDetails, IpcError> {
    let id = request.application;
    if core
        .look(move |view| view.find_outbox_row(id))
        .await?
        .is_none()
    {
        let sealed = seal(core, request).await?;
        let names = core.names_of(&sealed.service).await?;
        core.keep_outbox(move |tx| {
            tx.count_use(&sealed.service, sealed.sealed_at)?;
            tx.insert_outbox_row(&sealed, (&names.0, &names.1))
                .map(drop)
        })
        .await?;
        core.changed(View::Applications);
    }
    send_soon(core).await;
    applications::load(core, id).await
}

/// Fixes what is sent: checked against the whole schema, with a key of its own.
async fn seal(core: &Core, request: SubmitApplication) -> Result<Sealed, IpcError> {
    let id = request.application;
    refuse(two_answers(core, &request).await?)?;
    let answers = check(core, &request).await?;
    let form_version = core.shown_version(id, &request.service).await?;
    let submission = core.look(move |view| next_submission(view, id)).await?;
    let person = core.person().ok_or(IpcError::Locked)?;
    let body = SubmittedApplication {
        service: request.service,
        form_version,
        revision: submission.ok_or(IpcError::Conflict)?,
        acting_for: request.acting_for,
        answers,
    };
    let fingerprint = fingerprint(&body).map_err(|error| core.internal(&error))?;
    Ok(Sealed {
        key: IdempotencyKey::new(core.new_uuid()),
        application: id,
        service: body.service,
        person,
        form_version,
        submission: body.revision,
        acting_for: body.acting_for,
        answers: body.answers,
        fingerprint,
        sealed_at: core.now(),
    })
}

/// SHA-256 of the canonical body: members of objects in the order of their names.
fn fingerprint(body: &SubmittedApplication) -> Result<[u8; 32], serde_json::Error> {
    let canonical = serde_json::to_vec(&serde_json::to_value(body)?)?;
    Ok(Sha256::digest(canonical).into())
}

/// The settled answers, or what is wrong with them. A form that changed while it was filled in is looked at again.
async fn check(core: &Core, request: &SubmitApplication) -> Result<Answers, IpcError> {
    let service = request.service.clone();
    let definition = core
        .browse(move |view| view.find_form(&service)?.ok_or(StoreError::Absent))
        .await?;
    let shown = core
        .shown_version(request.application, &request.service)
        .await?;
    if shown != definition.version {
        return Err(IpcError::StaleForm);
    }
    let form = Form::parse(&definition.schema, &definition.layout)
        .map_err(|error| core.internal(&error))?;
    refuse(form.check(&request.answers))?;
    let settled = form.settle(&request.answers);
    let verdict = Verdict::new(&definition.schema).map_err(|error| core.internal(&error))?;
    refuse(verdict.faults(&settled))?;
    Ok(settled)
}

/// Questions that two devices answered differently, and the person has not chosen.
async fn two_answers(
    core: &Core,
    request: &SubmitApplication,
) -> Result<Vec<FieldFault>, IpcError> {
    let id = request.application;
    let draft = core.look(move |view| view.find_draft(id)).await?;
    let conflicts = draft.map_or_else(Answers::default, |draft| draft.conflicts);
    let open = conflicts.0.into_iter().filter(|(property, other)| {
        !request.chosen.contains(property) && request.answers.get(property) != Some(other)
    });
    Ok(open
        .map(|(property, _)| FieldFault {
            property,
            rule: BrokenRule::TwoAnswers,
        })
        .collect())
}

fn refuse(faults: Vec<FieldFault>) -> Result<(), IpcError> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(IpcError::Rejected { faults })
    }
}

/// Sends in the background, so that what is under way goes on when nobody waits for it any more.
async fn send_soon(core: &Core) {
    let (done, sent) = oneshot::channel();
    core.spawn(async move |core| {
        outbox::drain(&core, Haste::Eager).await;
        // Nobody may wait any more.
        let _ = done.send(());
    });
    select(sent, core.clock().sleep(PATIENCE)).await;
}

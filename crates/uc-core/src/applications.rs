//! Applications and their history.

mod details;

use uc_ipc::{
    ApplicationDetails, ApplicationPage, ApplicationRow, ApplicationState, CancelApplication,
    IpcError, ListApplications, OpenApplication, StateGroup, View,
};
use uc_model::{ApplicationId, IdempotencyKey, OutboxState};
use uc_portal_api::CancelApplication as CancelCall;
use uc_store::{Application, ApplicationGroup, Draft, Filter, ListedState, OutboxRow};

pub(crate) use details::{correction_view, load};

use crate::{
    Core,
    inbox::service_names,
    portal::{Answer, Call},
    portal_fault::portal_fault,
    sync,
};

/// Applications on a page.
const PAGE: u32 = 50;

/// A page of applications, newest first.
pub(crate) async fn list_applications(
    core: &Core,
    request: ListApplications,
) -> Result<ApplicationPage, IpcError> {
    let filter = Filter {
        text: request.filter.text,
        group: request.filter.group.map(group),
    };
    let page = core
        .look(move |view| view.list_applications(&filter, request.after.as_deref(), PAGE))
        .await?;
    Ok(ApplicationPage {
        next: page.next,
        total: page.total,
        applications: rows(core, page.items).await?,
    })
}

/// An application with its history. What a click outside the window asked for is answered with it.
pub(crate) async fn open_application(
    core: &Core,
    request: OpenApplication,
) -> Result<ApplicationDetails, IpcError> {
    let answered = {
        let mut state = core.state();
        let asked = state.requested == Some(request.application);
        if asked {
            state.requested = None;
        }
        asked
    };
    if answered {
        core.changed(View::Session);
    }
    load(core, request.application).await
}

/// Withdraws: what was not sent becomes a draft again, what the portal has is withdrawn there.
pub(crate) async fn cancel_application(
    core: &Core,
    request: CancelApplication,
) -> Result<ApplicationDetails, IpcError> {
    let id = request.application;
    let unsent = {
        let _wanted = core.desk.want_back(id);
        let _sending = core.desk.outbox.lock().await;
        take_back(core, id).await?
    };
    if !unsent {
        withdraw(core, id).await?;
    }
    core.changed(View::Applications);
    load(core, id).await
}

/// Applications as the interface shows them, with the names that the catalogue gives them now.
pub(crate) async fn rows(
    core: &Core,
    applications: Vec<Application>,
) -> Result<Vec<ApplicationRow>, IpcError> {
    let services = applications
        .iter()
        .map(|application| application.service.clone());
    let names = service_names(core, services.collect()).await?;
    Ok(applications
        .into_iter()
        .map(|application| row(application, &names))
        .collect())
}

fn row(
    application: Application,
    names: &std::collections::HashMap<uc_model::ServiceId, uc_store::ServiceSummary>,
) -> ApplicationRow {
    let name = names.get(&application.service);
    let title = name.map_or_else(|| application.title.clone(), |name| name.title.clone());
    ApplicationRow {
        id: application.id,
        title_en: name.map_or_else(|| title.clone(), |name| name.title_en.clone()),
        title,
        agency: name.map_or(application.agency, |name| name.agency.clone()),
        service: application.service,
        number: application.number,
        state: state(application.state, application.since),
        updated_at: application.updated_at,
        due_at: application.due_at,
    }
}

fn state(listed: ListedState, since: jiff::Timestamp) -> ApplicationState {
    match listed {
        ListedState::Draft => ApplicationState::Draft,
        ListedState::Queued => ApplicationState::Queued { since },
        ListedState::Sending => ApplicationState::Sending,
        ListedState::Unknown => ApplicationState::Unknown,
        ListedState::Returned => ApplicationState::Returned,
        ListedState::Registered => ApplicationState::Registered,
        ListedState::InProgress => ApplicationState::InProgress,
        ListedState::NeedsCorrection => ApplicationState::NeedsCorrection,
        ListedState::Approved => ApplicationState::Approved,
        ListedState::Refused => ApplicationState::Refused,
        ListedState::Cancelled => ApplicationState::Cancelled,
    }
}

const fn group(group: StateGroup) -> ApplicationGroup {
    match group {
        StateGroup::Drafts => ApplicationGroup::Drafts,
        StateGroup::Active => ApplicationGroup::Active,
        StateGroup::NeedsYou => ApplicationGroup::NeedsYou,
        StateGroup::Finished => ApplicationGroup::Finished,
    }
}

/// A submission that was certainly never sent becomes a draft again. One that may have been sent must not.
async fn take_back(core: &Core, id: ApplicationId) -> Result<bool, IpcError> {
    let Some(row) = core.look(move |view| view.find_outbox_row(id)).await? else {
        return Ok(false);
    };
    if !matches!(row.state, OutboxState::Sealed | OutboxState::Staged) {
        return Err(IpcError::Conflict);
    }
    let names = core.names_of(&row.sealed.service).await?;
    let draft = draft_again(&row, None, core.now());
    core.keep_outbox(move |tx| {
        tx.update_draft(&draft, (&names.0, &names.1))?;
        tx.delete_outbox_row(row.seq)
    })
    .await
}

/// The draft that a submission becomes when it comes back.
pub(crate) fn draft_again(
    row: &OutboxRow,
    faults: Option<serde_json::Value>,
    now: jiff::Timestamp,
) -> Draft {
    let sealed = &row.sealed;
    Draft {
        application: sealed.application,
        service: sealed.service.clone(),
        form_version: sealed.form_version,
        submission: sealed.submission,
        acting_for: sealed.acting_for.clone(),
        answers: sealed.answers.clone(),
        from_profile: Vec::new(),
        step: 0,
        faults,
        conflicts: uc_model::Answers::default(),
        saved_at: now,
    }
}

async fn withdraw(core: &Core, id: ApplicationId) -> Result<(), IpcError> {
    let known = core.look(move |view| view.find_dialog(id)).await?;
    if known.is_none() {
        return Err(IpcError::NotFound);
    }
    let call = Call::<CancelCall>::new((), ())
        .of(id)
        .with_key(IdempotencyKey::new(core.new_uuid()));
    match core.call(call).await {
        Ok(Answer::New(dialog, _)) => sync::feed::keep_dialog(core, dialog).await,
        Ok(Answer::Known) => Err(IpcError::Conflict),
        Err(error) => {
            core.ring();
            Err(portal_fault(core, &error))
        }
    }
}

//! The loop that does what is due.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use uc_model::MessageId;

use super::{Case, act::Next, plan};
use crate::{
    portal::AppState,
    store::{AgencyStep, DueJob, StoreError},
};

/// Jobs worked on at once: their writes share a commit.
const BATCH: u32 = 32;

/// How long to wait, by the portal's clock, after the store failed.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// Rung when there is a job that the loop may not know of.
#[derive(Debug, Default)]
pub struct Bell(Notify);

impl Bell {
    /// Wakes the loop; if it is at work, it looks once more.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// Works until the portal drains.
pub async fn run(portal: AppState) {
    let draining = portal.draining.clone();
    let work = async {
        loop {
            match work_off(&portal).await {
                Ok(next) => rest(&portal, next).await,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "agencies rest");
                    let again = portal.clock.now().saturating_add(RETRY_AFTER);
                    portal
                        .clock
                        .wait_until(again.unwrap_or(Timestamp::MAX))
                        .await;
                }
            }
        }
    };
    tokio::select! {
        () = draining.cancelled() => {}
        () = work => {}
    }
}

/// Does everything that is due; tells when the next job is.
async fn work_off(portal: &AppState) -> Result<Option<Timestamp>, StoreError> {
    loop {
        let due = portal
            .store
            .list_due_jobs(portal.agency_clock.now(), BATCH)
            .await?;
        if due.is_empty() {
            return portal.store.find_next_due().await;
        }
        for done in join_all(due.iter().map(|job| work_on(portal, job))).await {
            done?;
        }
    }
}

async fn rest(portal: &AppState, next: Option<Timestamp>) {
    let rung = portal.desk.bell.0.notified();
    match next {
        Some(at) => tokio::select! {
            () = portal.agency_clock.wait_until(at) => {}
            () = rung => {}
        },
        None => rung.await,
    }
}

/// One step of one application, in one transaction.
async fn work_on(portal: &AppState, job: &DueJob) -> Result<(), StoreError> {
    let step = decide(portal, job);
    let status = step.act.as_ref().map(|act| act.status);
    if portal.store.apply_agency_step(step).await? {
        tracing::info!(application = %job.dialog.id, step = job.step, ?status, "an agency acted");
        portal.desk.hints.feed_changed(&job.dialog.party);
    }
    Ok(())
}

fn decide(portal: &AppState, job: &DueJob) -> AgencyStep {
    let dialog = &job.dialog;
    let catalogue = &portal.desk.catalogue;
    let script = catalogue.script(&dialog.service_resource);
    let case = Case {
        status: dialog.extended_status,
        step: job.step,
        faults: catalogue
            .find_service(&dialog.service_resource)
            .and_then(|entry| entry.form.as_ref())
            .filter(|form| form.version == dialog.form_version)
            .map_or_else(Vec::new, |form| form.faults(&dialog.answers)),
    };
    let act = plan(&case, &script, &portal.desk.words);
    let next_due_at = match act.as_ref().map(|act| act.next) {
        Some(Next::Step(place)) => Some(after(portal.agency_clock.now(), script.delay(place))),
        Some(Next::AfterCorrection(_) | Next::Done) | None => None,
    };
    let now = portal.clock.now();
    AgencyStep {
        application: dialog.id,
        seen: dialog.revision,
        act,
        message: MessageId::new(portal.entropy.uuid(now)),
        next_due_at,
        now,
    }
}

/// An instant so much later; the end of time, if it lies beyond.
pub(crate) fn after(instant: Timestamp, delay: std::time::Duration) -> Timestamp {
    instant.checked_add(delay).unwrap_or(Timestamp::MAX)
}

//! Drafts as records, and joined with the same draft of another device.

use jiff::Timestamp;
use serde_json::{Value, json};
use uc_model::{ActingFor, Answers, ApplicationId, ServiceId};
use uc_portal_api::RoamingRecord;
use uc_store::{Agreed, Draft, StoreError, VaultTx};
use uc_sync::merge::{Merged, merge};

/// What is not an answer stands beside the answers; no property of a form begins so.
const SERVICE: &str = "$service";
const FORM_VERSION: &str = "$formVersion";
const SUBMISSION: &str = "$submission";
const ACTING_FOR: &str = "$actingFor";

/// A draft as the fields of its record.
pub(super) fn fields(draft: &Draft) -> Answers {
    let mut fields = draft.answers.clone();
    fields.insert(SERVICE.to_owned(), json!(draft.service));
    fields.insert(FORM_VERSION.to_owned(), json!(draft.form_version));
    fields.insert(SUBMISSION.to_owned(), json!(draft.submission));
    if let Some(number) = &draft.acting_for {
        fields.insert(ACTING_FOR.to_owned(), json!(number));
    }
    fields
}

/// What a record's draft applies for.
pub(super) fn service(fields: &Answers) -> Option<ServiceId> {
    fields.text(SERVICE)?.parse().ok()
}

/// The draft that the fields describe, as far as another device tells it.
fn draft(application: ApplicationId, mut fields: Answers, saved_at: Timestamp) -> Option<Draft> {
    let number = |value: Value| u32::try_from(value.as_u64()?).ok();
    let service = service(&fields)?;
    fields.remove(SERVICE);
    let form_version = number(fields.remove(FORM_VERSION)?)?;
    let submission = number(fields.remove(SUBMISSION)?)?;
    let acting_for = fields.remove(ACTING_FOR);
    let acting_for = acting_for.and_then(|number| number.as_str()?.parse::<ActingFor>().ok());
    Some(Draft {
        application,
        service,
        form_version,
        submission,
        acting_for,
        answers: fields,
        from_profile: Vec::new(),
        step: 0,
        faults: None,
        conflicts: Answers::default(),
        saved_at,
    })
}

/// Joins what came with what is here. Says whether the draft changed.
pub(super) fn join(
    tx: &VaultTx<'_>,
    application: ApplicationId,
    record: &RoamingRecord,
    names: &(String, String),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let id = record.id.to_string();
    let known = tx.find_agreed(&id)?;
    if known
        .as_ref()
        .is_some_and(|known| known.revision >= record.revision)
    {
        return Ok(false);
    }
    let theirs = record.fields.as_ref();
    if theirs.is_some_and(|theirs| draft(application, theirs.clone(), now).is_none()) {
        // A later version of the client wrote it: what is not understood is not taken for gone either.
        return Ok(false);
    }
    let base = known.as_ref().and_then(|known| known.fields.clone());
    let here = tx.find_draft(application)?;
    tx.update_agreed(&Agreed {
        id,
        revision: record.revision,
        fields: record.fields.clone(),
    })?;
    let joined = match (here, &record.fields) {
        (None, None) => None,
        (Some(here), None) => {
            // Whoever changed it after it was given up elsewhere wants it.
            return if base.is_some_and(|base| base == fields(&here)) {
                tx.delete_draft(application)
            } else {
                Ok(false)
            };
        }
        (None, Some(theirs)) => {
            let is_old = base.as_ref() == Some(theirs);
            let is_on_its_way = tx.find_outbox_row(application)?.is_some();
            let is_wanted = !is_old && !is_on_its_way;
            is_wanted
                .then(|| draft(application, theirs.clone(), now))
                .flatten()
        }
        (Some(here), Some(theirs)) => {
            let merged = merge(&base.unwrap_or_default(), &fields(&here), theirs);
            merge_into(here, merged, theirs, now)
        }
    };
    let Some(joined) = joined else {
        return Ok(false);
    };
    tx.update_draft(&joined, (&names.0, &names.1))?;
    Ok(true)
}

/// The draft with what was changed elsewhere, where the person stands in it.
fn merge_into(here: Draft, merged: Merged, theirs: &Answers, now: Timestamp) -> Option<Draft> {
    let joined = draft(here.application, merged.fields, now)?;
    let mut conflicts = here.conflicts;
    conflicts.retain(|property, _| theirs.get(property) != joined.answers.get(property));
    conflicts.extend(
        merged
            .conflicts
            .0
            .into_iter()
            .filter(|(name, _)| !name.starts_with('$')),
    );
    let is_changed = joined.answers != here.answers || joined.acting_for != here.acting_for;
    Some(Draft {
        from_profile: here.from_profile,
        step: here.step,
        faults: here.faults.filter(|_| !is_changed),
        conflicts,
        ..joined
    })
}

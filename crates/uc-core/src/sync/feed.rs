//! The person's feed.

use std::collections::HashMap;

use jiff::Timestamp;
use uc_ipc::{IpcError, View};
use uc_model::{AgencyId, ApplicationId};
use uc_notify::Standing;
use uc_portal_api::{Dialog, Feed, FeedChange, FetchFeed, ProblemCode};
use uc_store::{FeedCursor, NewMessage, PortalCopy, StoreError, VaultTx, VaultView};
use uc_sync::feed::{Change, news as newer};

use super::SyncError;
use crate::{
    Core, news, notifications,
    portal::{Answer, Call, PortalError},
    roaming,
};

/// Short names of agencies, as the catalogue knows them.
pub(crate) type AgencyNames = HashMap<AgencyId, String>;

/// Fetches pages until everything that changed is known.
pub(super) async fn sync(core: &Core) -> Result<(), SyncError> {
    let _syncing = core.desk.feed.lock().await;
    let mut begun_anew = false;
    loop {
        let cursor = core.look(|view| view.load_feed_cursor()).await?;
        let query = FetchFeed {
            after: cursor.next.clone(),
        };
        let asked_at = core.now();
        match core
            .call(Call::<FetchFeed>::new(query, ()).in_pages())
            .await
        {
            Ok(Answer::New(feed, _)) => {
                let more = feed.has_more;
                keep_page(core, feed, asked_at).await?;
                if !more {
                    return news::keep_place(core).await;
                }
            }
            Ok(Answer::Known) => return news::keep_place(core).await,
            Err(error) if is_gone(&error) && !begun_anew => {
                // What is known stays: greater revisions win, so hearing all of it again harms nothing.
                begun_anew = true;
                core.keep(|tx| tx.update_feed_cursor(&FeedCursor::default()))
                    .await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_gone(error: &PortalError) -> bool {
    matches!(error, PortalError::Problem { problem, .. } if problem.code == ProblemCode::CursorGone)
}

/// The page with its cursor, in one transaction; then the person hears of it. It is as old as its question.
async fn keep_page(core: &Core, feed: Feed, asked_at: Timestamp) -> Result<(), IpcError> {
    let person = core.person().ok_or(IpcError::Locked)?;
    let (mut dialogs, mut profile, mut records) = (Vec::new(), None, Vec::new());
    for change in feed.changes {
        match change {
            FeedChange::Application(dialog) if dialog.party == person => dialogs.push(*dialog),
            FeedChange::Application(_) => {
                tracing::warn!("the feed held another person's application");
            }
            FeedChange::Profile(known) => profile = Some(known).filter(|known| known.id == person),
            FeedChange::Roaming(record) => records.push(*record),
        }
    }
    let agencies = agency_names(core, &dialogs.iter().collect::<Vec<_>>()).await?;
    let profile = profile
        .map(|profile| serde_json::to_string(&profile))
        .transpose();
    let profile = profile.map_err(|error| core.internal(&error))?;
    let has_profile = profile.is_some();
    let roaming = roaming::prepare(core, records).await?;
    roaming::take_settings(core, &roaming).await?;
    let (before, after, has_drafts) = core
        .keep(move |tx| {
            let (before, after) = write_news(tx, dialogs, &agencies)?;
            let has_drafts = roaming::write_drafts(tx, &roaming, asked_at)?;
            if let Some(profile) = profile {
                tx.update_profile(&profile)?;
            }
            let known = tx.load_feed_cursor()?;
            tx.update_feed_cursor(&FeedCursor {
                next: Some(feed.next),
                synced_at: if feed.has_more {
                    known.synced_at
                } else {
                    Some(asked_at)
                },
            })?;
            Ok((before, after, has_drafts))
        })
        .await?;
    if has_profile {
        core.changed(View::Profile);
    }
    if !after.is_empty() || has_drafts {
        core.changed(View::Applications);
    }
    if !after.is_empty() {
        core.changed(View::Inbox);
    }
    core.changed(View::Session);
    notifications::tell(core, &before, &after);
    Ok(())
}

/// Writes the dialogs that are news; tells how their applications stood and stand.
fn write_news(
    tx: &VaultTx<'_>,
    dialogs: Vec<Dialog>,
    agencies: &AgencyNames,
) -> Result<(Vec<Standing>, Vec<Standing>), StoreError> {
    let mut known: HashMap<ApplicationId, Dialog> = HashMap::new();
    for dialog in &dialogs {
        if let Some(before) = find_dialog(tx, dialog.id)? {
            known.insert(dialog.id, before);
        }
    }
    let page = dialogs
        .into_iter()
        .map(|dialog| Change {
            id: dialog.id,
            revision: dialog.revision,
            value: dialog,
        })
        .collect();
    let revision = |id| known.get(&id).map(|dialog| dialog.revision);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for change in newer(revision, page) {
        write_dialog(tx, &change.value, agencies)?;
        before.extend(known.get(&change.id).map(standing));
        after.push(standing(&change.value));
    }
    Ok((before, after))
}

fn find_dialog(view: &VaultView<'_>, id: ApplicationId) -> Result<Option<Dialog>, StoreError> {
    let found = view.find_dialog(id)?;
    Ok(found
        .map(|(_, json)| serde_json::from_str(&json))
        .transpose()?)
}

fn standing(dialog: &Dialog) -> Standing {
    Standing {
        application: dialog.id,
        status: dialog.extended_status,
        messages: dialog.transmissions.len(),
        changed_at: dialog.updated_at,
    }
}

/// Writes one dialog with its messages, if it is newer than what is known.
pub(crate) fn write_dialog(
    tx: &VaultTx<'_>,
    dialog: &Dialog,
    agencies: &AgencyNames,
) -> Result<(), StoreError> {
    let agency = agencies
        .get(&dialog.org)
        .map_or_else(|| dialog.org.as_str(), String::as_str);
    tx.update_portal_copy(&PortalCopy {
        id: dialog.id,
        revision: dialog.revision,
        service: dialog.service_resource.clone(),
        title: dialog.content.title.clone(),
        agency: agency.to_owned(),
        number: dialog.external_reference.clone(),
        status: dialog.extended_status,
        changed_at: dialog.updated_at,
        due_at: dialog.due_at,
        dialog: serde_json::to_string(dialog)?,
    })?;
    for message in &dialog.transmissions {
        tx.insert_message(&NewMessage {
            id: message.id,
            application: dialog.id,
            sent_at: message.created_at,
            text: message.text.clone(),
            text_en: message.text_en.clone(),
        })?;
    }
    Ok(())
}

/// Keeps the portal's answer about one application.
pub(crate) async fn keep_dialog(core: &Core, dialog: Dialog) -> Result<(), IpcError> {
    let agencies = agency_names(core, &[&dialog]).await?;
    core.keep(move |tx| write_dialog(tx, &dialog, &agencies))
        .await?;
    core.changed(View::Inbox);
    Ok(())
}

/// Short names of the dialogs' agencies.
pub(crate) async fn agency_names(
    core: &Core,
    dialogs: &[&Dialog],
) -> Result<AgencyNames, IpcError> {
    let ids: Vec<AgencyId> = dialogs.iter().map(|dialog| dialog.org.clone()).collect();
    core.browse(move |view| {
        let mut names = AgencyNames::new();
        for id in ids {
            if !names.contains_key(&id)
                && let Some(agency) = view.find_agency(&id)?
            {
                names.insert(id, agency.short);
            }
        }
        Ok(names)
    })
    .await
}

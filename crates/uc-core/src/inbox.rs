//! Messages.

use std::collections::HashMap;

use uc_ipc::{InboxPage, IpcError, ListMessages, MarkRead, MessageView, View};
use uc_model::ServiceId;
use uc_store::{Message, ServiceSummary, StoreError, Vault};

use crate::Core;

/// Messages on a page.
const PAGE: u32 = 50;

/// A page of messages, newest first.
pub(crate) async fn list_messages(
    core: &Core,
    request: ListMessages,
) -> Result<InboxPage, IpcError> {
    let (page, unread) = core
        .look(move |view| {
            let page = view.list_messages(&request.text, request.after.as_deref(), PAGE)?;
            Ok((page, view.count_unread()?))
        })
        .await?;
    let services = page.items.iter().map(|message| message.service.clone());
    let names = service_names(core, services.collect()).await?;
    let page = page.map(|message| message_view(message, &names));
    Ok(InboxPage {
        messages: page.items,
        next: page.next,
        total: page.total,
        unread,
    })
}

/// Marks messages as read; answers with the first page.
pub(crate) async fn mark_read(core: &Core, request: MarkRead) -> Result<InboxPage, IpcError> {
    core.keep(move |tx| {
        if request.messages.is_empty() {
            return tx.mark_all_messages_read();
        }
        let mut messages = request.messages.into_iter();
        messages.try_for_each(|message| tx.mark_message_read(message))
    })
    .await?;
    core.changed(View::Inbox);
    core.changed(View::Session);
    list_messages(core, ListMessages::default()).await
}

/// Unread messages in an open vault.
pub(crate) async fn count_unread(core: &Core, vault: &Vault) -> u32 {
    let counted = vault.read(|view| view.count_unread()).await;
    counted.unwrap_or_else(|error| {
        core.store_fault(&error);
        0
    })
}

/// What the catalogue says of services now.
pub(crate) async fn service_names(
    core: &Core,
    services: Vec<ServiceId>,
) -> Result<HashMap<ServiceId, ServiceSummary>, IpcError> {
    core.browse(move |view| {
        let mut names = HashMap::new();
        for service in services {
            if !names.contains_key(&service)
                && let Some(summary) = view.find_service(&service)?
            {
                names.insert(service, summary);
            }
        }
        Ok::<_, StoreError>(names)
    })
    .await
}

/// A message as the interface shows it; what the catalogue has forgotten keeps its last name.
pub(crate) fn message_view(
    message: Message,
    names: &HashMap<ServiceId, ServiceSummary>,
) -> MessageView {
    let name = names.get(&message.service);
    MessageView {
        id: message.message.id,
        application: message.message.application,
        service_title: name.map_or_else(|| message.title.clone(), |name| name.title.clone()),
        service_title_en: name.map_or_else(|| message.title.clone(), |name| name.title_en.clone()),
        agency: name.map_or_else(|| message.agency.clone(), |name| name.agency.clone()),
        sent_at: message.message.sent_at,
        text: message.message.text,
        text_en: message.message.text_en,
        read: message.read,
    }
}

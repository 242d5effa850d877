//! Messages.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uc_model::{ApplicationId, MessageId};

use crate::{Query, View};

/// Asks for a page of messages, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListMessages {
    /// Words as typed; empty for all.
    #[serde(default)]
    pub text: String,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl Query for ListMessages {
    const VIEW: View = View::Inbox;
}

/// Marks messages as read; answers with the first page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRead {
    /// Which; empty for all.
    pub messages: Vec<MessageId>,
}

/// A page of messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxPage {
    /// The messages.
    pub messages: Vec<MessageView>,
    /// Where the next page begins; absent at the end.
    pub next: Option<String>,
    /// All messages.
    pub total: u32,
    /// Unread ones.
    pub unread: u32,
}

/// A message from an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Its id.
    pub id: MessageId,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// What was applied for.
    pub service_title: String,
    /// The same in English.
    pub service_title_en: String,
    /// The agency's short name.
    pub agency: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Its words.
    pub text: String,
    /// Its words in English, if the agency wrote them.
    pub text_en: Option<String>,
    /// It was read.
    pub read: bool,
}

//! Server-sent events: hints that something is to be fetched. They carry no content.

use serde::{Deserialize, Serialize};

/// `GET`, `text/event-stream`, authenticated. Each event has a growing `id`; a client gone for long just pulls.
pub const EVENTS_PATH: &str = "/v1/events";

/// The `event:` of a server-sent event; its data is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// The person's feed has news.
    Feed,
    /// The catalogue has news.
    Catalogue,
}

impl Hint {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Catalogue => "catalogue",
        }
    }

    /// From the name on the wire; unknown names are for newer clients.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Feed, Self::Catalogue]
            .into_iter()
            .find(|hint| hint.as_str() == name)
    }
}

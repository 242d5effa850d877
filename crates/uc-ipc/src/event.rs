//! What the core tells the interface unasked. One channel, one enum.

use serde::{Deserialize, Serialize};

/// Something happened in the core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Answers made of this view are stale.
    Changed {
        /// The view.
        view: View,
    },
    /// A click outside the window asked for it: the shell brings it to the front, the interface has nothing to do.
    WindowWanted,
}

impl Event {
    /// The name of the channel.
    pub const CHANNEL: &'static str = "core";
}

/// What answers are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Phase, appearance, connectivity, freshness, progress, requested screen.
    Session,
    /// Services, agencies, regions, life situations, forms.
    Catalogue,
    /// Applications and drafts.
    Applications,
    /// Messages.
    Inbox,
    /// Settings.
    Settings,
    /// Sessions and the history of sign-ins.
    Account,
    /// What the portal knows of the person.
    Profile,
}

impl View {
    /// Every view.
    pub const ALL: [Self; 7] = [
        Self::Session,
        Self::Catalogue,
        Self::Applications,
        Self::Inbox,
        Self::Settings,
        Self::Account,
        Self::Profile,
    ];
}

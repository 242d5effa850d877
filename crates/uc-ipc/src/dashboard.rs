//! The home screen.

use serde::{Deserialize, Serialize};

use crate::{ApplicationRow, Query, ServiceRow, View};

/// Asks for the [`Dashboard`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDashboard {}

impl Query for OpenDashboard {
    const VIEW: View = View::Applications;
}

/// Everything the home screen shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Applications that wait for the person, longest waiting first.
    pub needs_you: Vec<ApplicationRow>,
    /// Drafts, last touched first.
    pub drafts: Vec<ApplicationRow>,
    /// Applications on their way, last changed first; at most five.
    pub active: Vec<ApplicationRow>,
    /// Number of applications on their way.
    pub active_total: u32,
    /// Services used often, by this person first and by popularity after; at most six.
    pub often_used: Vec<ServiceRow>,
}

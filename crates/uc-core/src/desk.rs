//! What commands and background work share while somebody is at work, beside the stores.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Mutex as AsyncMutex, Notify};
use uc_model::{Answers, ApplicationId};
use uc_portal_api::{RoamingId, RoamingVersion};

use crate::attach::Attaching;

/// Bells to wake background work, locks so that each kind of it is done by one at a time, and what the person has before
/// them.
#[derive(Default)]
pub(crate) struct Desk {
    /// There may be news.
    pub(crate) bell: Notify,
    /// Something was put into the outbox, or the portal can be reached again.
    pub(crate) outbox_bell: Notify,
    /// Something that follows the person between devices was changed here.
    pub(crate) roaming_bell: Notify,
    /// Held while submissions are sent.
    pub(crate) outbox: AsyncMutex<()>,
    /// Held while changes of what follows the person are sent.
    pub(crate) roaming: AsyncMutex<()>,
    /// Held while the catalogue is fetched.
    pub(crate) catalogue: AsyncMutex<()>,
    /// Held while the feed is fetched.
    pub(crate) feed: AsyncMutex<()>,
    attaching: Mutex<Option<Attaching>>,
    roaming_sent: Mutex<HashMap<RoamingId, RoamingVersion>>,
    shown_forms: Mutex<HashMap<ApplicationId, u32>>,
    shown_answers: Mutex<HashMap<ApplicationId, Answers>>,
    wanted_back: Mutex<HashSet<ApplicationId>>,
}

impl Desk {
    /// The person looks at this version of a form.
    pub(crate) fn show_form(&self, application: ApplicationId, version: u32) {
        hold(&self.shown_forms).insert(application, version);
    }

    /// The version of the form that the person looks at.
    pub(crate) fn shown_form(&self, application: ApplicationId) -> Option<u32> {
        hold(&self.shown_forms).get(&application).copied()
    }

    /// The person must look at the form again.
    pub(crate) fn forget_form(&self, application: ApplicationId) {
        hold(&self.shown_forms).remove(&application);
    }

    /// What the vault has of the answers that the person looks at.
    pub(crate) fn show_answers(&self, application: ApplicationId, answers: Answers) {
        hold(&self.shown_answers).insert(application, answers);
    }

    /// What the person looked at last: what is different in a form from here on they changed.
    pub(crate) fn shown_answers(&self, application: ApplicationId) -> Option<Answers> {
        hold(&self.shown_answers).get(&application).cloned()
    }

    /// The file that is being taken, if one is.
    pub(crate) fn attaching(&self) -> MutexGuard<'_, Option<Attaching>> {
        hold(&self.attaching)
    }

    /// What was sent last of each record that follows the person.
    pub(crate) fn roaming_sent(&self) -> MutexGuard<'_, HashMap<RoamingId, RoamingVersion>> {
        hold(&self.roaming_sent)
    }

    /// The person withdraws, until the answer is dropped: its files need not go on.
    pub(crate) fn want_back(&self, application: ApplicationId) -> WantedBack<'_> {
        hold(&self.wanted_back).insert(application);
        WantedBack(self, application)
    }

    /// Somebody waits for the sending of this one to end.
    pub(crate) fn is_wanted_back(&self, application: ApplicationId) -> bool {
        hold(&self.wanted_back).contains(&application)
    }

    /// Forgets what the person wrote or chose: nobody is at work any more.
    pub(crate) fn clear(&self) {
        *self.attaching() = None;
        self.roaming_sent().clear();
        hold(&self.shown_answers).clear();
    }
}

/// Somebody waits for an application.
pub(crate) struct WantedBack<'a>(&'a Desk, ApplicationId);

impl Drop for WantedBack<'_> {
    fn drop(&mut self) {
        hold(&self.0.wanted_back).remove(&self.1);
    }
}

fn hold<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

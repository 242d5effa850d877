//! What carries messages, and the way to wake it.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{Carrier, Channel, Route, carrier::Nobody, mailbox::MailboxCarrier};
use crate::{clock::PortalClock, entropy::Entropy, store::Store};

/// How the letters of each channel travel.
#[derive(Debug, Clone)]
pub struct Routes {
    /// To phones.
    pub sms: Route,
    /// To e-mail addresses.
    pub email: Route,
}

impl Routes {
    /// All into the demo's mailbox.
    pub const DEMO: Self = Self {
        sms: Route::Mailbox,
        email: Route::Mailbox,
    };
}

/// The carriers of all channels.
pub struct Post {
    sms: Arc<dyn Carrier>,
    email: Arc<dyn Carrier>,
    has_mailbox: bool,
    pub(super) bell: Notify,
}

impl Post {
    /// Opens on these routes.
    #[must_use]
    pub fn open(
        routes: &Routes,
        store: &Arc<dyn Store>,
        clock: &Arc<dyn PortalClock>,
        entropy: &Entropy,
    ) -> Self {
        let carrier = |route: &Route| -> Arc<dyn Carrier> {
            match route {
                Route::Mailbox => Arc::new(MailboxCarrier::new(
                    Arc::clone(store),
                    Arc::clone(clock),
                    entropy.clone(),
                )),
                Route::By(carrier) => Arc::clone(carrier),
                Route::Nowhere => Arc::new(Nobody),
            }
        };
        let is_mailbox = |route: &Route| matches!(route, Route::Mailbox);
        Self {
            sms: carrier(&routes.sms),
            email: carrier(&routes.email),
            has_mailbox: is_mailbox(&routes.sms) || is_mailbox(&routes.email),
            bell: Notify::new(),
        }
    }

    /// Says that something waits to be sent.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Whether letters may arrive in the demo's mailbox.
    #[must_use]
    pub const fn has_mailbox(&self) -> bool {
        self.has_mailbox
    }

    pub(super) fn carrier(&self, channel: Channel) -> &dyn Carrier {
        match channel {
            Channel::Sms => &*self.sms,
            Channel::Email => &*self.email,
        }
    }
}

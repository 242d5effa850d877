//! The demo's mailbox: messages arrive in the portal itself.

use std::sync::Arc;

use super::{Carrier, CarryError, Carrying, Letter, MailboxLetter};
use crate::{clock::PortalClock, entropy::Entropy, store::Store};

/// Puts letters into the mailbox.
pub(super) struct MailboxCarrier {
    store: Arc<dyn Store>,
    clock: Arc<dyn PortalClock>,
    entropy: Entropy,
}

impl MailboxCarrier {
    /// The mailbox in this store.
    pub(super) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn PortalClock>,
        entropy: Entropy,
    ) -> Self {
        Self {
            store,
            clock,
            entropy,
        }
    }
}

impl Carrier for MailboxCarrier {
    fn carry<'a>(&'a self, letter: &'a Letter) -> Carrying<'a> {
        let now = self.clock.now();
        let arrived = MailboxLetter {
            letter: letter.clone(),
            received_at: now,
        };
        Box::pin(async move {
            self.store
                .insert_mailbox_letter(self.entropy.uuid(now), arrived)
                .await
                .map_err(|_| CarryError::Unreachable)
        })
    }
}

//! Notifications that are kept instead of shown, and clicked by tests.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use uc_core::ports::{Notification, Notifier};
use uc_model::ApplicationId;

type Click = Option<ApplicationId>;

/// Keeps what it is given. Clones are the same notifier.
#[derive(Debug, Clone)]
pub struct RecordingNotifier {
    shown: Arc<Mutex<Vec<Notification>>>,
    click: mpsc::UnboundedSender<Click>,
    clicks: Arc<AsyncMutex<mpsc::UnboundedReceiver<Click>>>,
}

impl Default for RecordingNotifier {
    fn default() -> Self {
        let (click, clicks) = mpsc::unbounded_channel();
        Self {
            shown: Arc::default(),
            click,
            clicks: Arc::new(AsyncMutex::new(clicks)),
        }
    }
}

impl RecordingNotifier {
    /// What was shown so far.
    #[must_use]
    pub fn shown(&self) -> Vec<Notification> {
        self.shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Somebody clicks on a notification that opens this.
    pub fn click(&self, opens: Click) {
        // The receiver lives as long as this does.
        let _ = self.click.send(opens);
    }
}

impl Notifier for RecordingNotifier {
    fn show(&self, notification: Notification) {
        self.shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(notification);
    }

    fn next_click(&self) -> BoxFuture<'_, Option<Click>> {
        async { self.clicks.lock().await.recv().await }.boxed()
    }
}

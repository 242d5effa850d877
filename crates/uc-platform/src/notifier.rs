//! Notifications outside the window, on a thread of their own: a daemon may hang.

use std::sync::{Arc, atomic::AtomicUsize, mpsc as std_mpsc};

use futures_util::future::BoxFuture;
use tokio::sync::{Mutex, mpsc};
use uc_core::ports::{Notification, Notifier};
use uc_model::ApplicationId;

/// Notifications shown of one burst; the rest would only bury them.
const BURST: usize = 5;

type Click = Option<ApplicationId>;

/// The desktop's notifications, by notify-rust.
#[derive(Debug)]
pub struct DesktopNotifier {
    queue: std_mpsc::Sender<Notification>,
    clicks: Mutex<mpsc::UnboundedReceiver<Click>>,
}

impl DesktopNotifier {
    /// Starts the thread.
    #[must_use]
    pub fn start() -> Self {
        let (queue, waiting) = std_mpsc::channel();
        let (clicked, clicks) = mpsc::unbounded_channel();
        // Threads that wait for a click.
        let waiters = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            while let Ok(first) = waiting.recv() {
                let burst = coalesce(std::iter::once(first).chain(waiting.try_iter()));
                for notification in burst {
                    system::show(&notification, &clicked, &waiters);
                }
            }
        });
        Self {
            queue,
            clicks: Mutex::new(clicks),
        }
    }
}

impl Notifier for DesktopNotifier {
    fn show(&self, notification: Notification) {
        if self.queue.send(notification).is_err() {
            tracing::warn!("notifications ended");
        }
    }

    fn next_click(&self) -> BoxFuture<'_, Option<Click>> {
        Box::pin(async move { self.clicks.lock().await.recv().await })
    }
}

/// The last notification about each thing, and of those the last few.
fn coalesce(burst: impl Iterator<Item = Notification>) -> Vec<Notification> {
    let mut kept: Vec<Notification> = Vec::new();
    for notification in burst {
        kept.retain(|earlier| earlier.opens != notification.opens);
        kept.push(notification);
    }
    kept.split_off(kept.len().saturating_sub(BURST))
}

#[cfg(target_os = "linux")]
mod system {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use notify_rust::{Hint, Timeout};
    use tokio::sync::mpsc::UnboundedSender;
    use uc_core::ports::Notification;

    use super::Click;

    /// Notifications whose click is waited for at the same time, each by a thread.
    const WAITING: usize = 32;
    /// The icon's and the entry's name in the desktop's database.
    const DESKTOP_ENTRY: &str = "edinyi-klient";
    /// The action that daemons run when the notification itself is clicked.
    const DEFAULT_ACTION: &str = "default";

    pub(super) fn show(
        notification: &Notification,
        clicked: &UnboundedSender<Click>,
        waiters: &Arc<AtomicUsize>,
    ) {
        let shown = notify_rust::Notification::new()
            .summary(&notification.title)
            .body(&escape(&notification.body))
            .icon(DESKTOP_ENTRY)
            .hint(Hint::DesktopEntry(DESKTOP_ENTRY.to_owned()))
            .action(DEFAULT_ACTION, &notification.title)
            .timeout(Timeout::Default)
            .show();
        match shown {
            Ok(handle) if waiters.load(Ordering::Relaxed) < WAITING => {
                wait_for_click(
                    handle,
                    notification.opens,
                    clicked.clone(),
                    Arc::clone(waiters),
                );
            }
            Ok(_) => {}
            Err(_) => tracing::warn!("no notification daemon"),
        }
    }

    fn wait_for_click(
        handle: notify_rust::NotificationHandle,
        opens: Click,
        clicked: UnboundedSender<Click>,
        waiters: Arc<AtomicUsize>,
    ) {
        waiters.fetch_add(1, Ordering::Relaxed);
        std::thread::spawn(move || {
            handle.wait_for_action(|action| {
                if action == DEFAULT_ACTION {
                    // Nobody listens any more when the core ended.
                    let _ = clicked.send(opens);
                }
            });
            waiters.fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// Daemons read the body as markup.
    fn escape(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    }
}

#[cfg(any(target_os = "macos", target_os = "windows"))]
mod system {
    use std::sync::{Arc, atomic::AtomicUsize};

    use tokio::sync::mpsc::UnboundedSender;
    use uc_core::ports::Notification;

    use super::Click;

    /// Clicks on these systems bring the window to the front by themselves; which request was meant is not told.
    pub(super) fn show(
        notification: &Notification,
        _: &UnboundedSender<Click>,
        _: &Arc<AtomicUsize>,
    ) {
        let shown = notify_rust::Notification::new()
            .summary(&notification.title)
            .body(&notification.body)
            .show();
        if shown.is_err() {
            tracing::warn!("no notification service");
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
mod system {
    use std::sync::{Arc, atomic::AtomicUsize};

    use tokio::sync::mpsc::UnboundedSender;
    use uc_core::ports::Notification;

    use super::Click;

    /// Phones notify through the shell's plugin.
    pub(super) fn show(_: &Notification, _: &UnboundedSender<Click>, _: &Arc<AtomicUsize>) {
        tracing::info!("notifications of this system belong to the shell");
    }
}

#[cfg(test)]
mod tests {
    use uc_model::ApplicationId;

    use super::*;

    fn about(id: u128) -> Notification {
        let opens = Some(ApplicationId::new(uuid_from(id)));
        Notification {
            title: "t".into(),
            body: "b".into(),
            opens,
        }
    }

    fn uuid_from(id: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(id)
    }

    #[test]
    fn nt_04_a_burst_is_coalesced() {
        let burst = (0..1_000).map(|turn| about(turn % 8));
        let kept = coalesce(burst);
        assert_eq!(kept.len(), BURST);
        assert_eq!(kept.last(), Some(&about(7)));
    }
}

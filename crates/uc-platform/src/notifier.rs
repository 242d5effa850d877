//! Notifications of the desktop, on threads of their own: the daemon may hang, and a click may come hours later.

use std::{collections::VecDeque, sync::mpsc};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::{Mutex, mpsc as channel};
use uc_core::ports::{Notification, Notifier};
use uc_model::ApplicationId;

/// Notifications shown of one burst; of more, the newest.
const BURST: usize = 3;

type Click = Option<ApplicationId>;

/// The desktop's notifications. On phones they are the app's.
#[derive(Debug)]
pub struct DesktopNotifier {
    queue: mpsc::Sender<Notification>,
    clicks: Mutex<channel::UnboundedReceiver<Click>>,
}

impl DesktopNotifier {
    /// Starts the thread that shows them; it ends with the notifier.
    #[must_use]
    pub fn start() -> Self {
        let (queue, waiting) = mpsc::channel();
        let (clicked, clicks) = channel::unbounded_channel();
        std::thread::spawn(move || show_all(&waiting, &clicked));
        Self {
            queue,
            clicks: Mutex::new(clicks),
        }
    }
}

impl Notifier for DesktopNotifier {
    fn show(&self, notification: Notification) {
        // The thread ends only with the notifier.
        let _ = self.queue.send(notification);
    }

    fn next_click(&self) -> BoxFuture<'_, Option<Click>> {
        async { self.clicks.lock().await.recv().await }.boxed()
    }
}

fn show_all(waiting: &mpsc::Receiver<Notification>, clicked: &channel::UnboundedSender<Click>) {
    while let Ok(first) = waiting.recv() {
        for notification in coalesce(first, waiting.try_iter()) {
            show(&notification, clicked);
        }
    }
}

/// One for each thing that it opens, and not more than a few: the newest.
fn coalesce(
    first: Notification,
    more: impl Iterator<Item = Notification>,
) -> VecDeque<Notification> {
    let mut kept = VecDeque::from([first]);
    for notification in more {
        kept.retain(|earlier| earlier.opens != notification.opens);
        kept.push_back(notification);
        if kept.len() > BURST {
            kept.pop_front();
        }
    }
    kept
}

#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
fn show(notification: &Notification, clicked: &channel::UnboundedSender<Click>) {
    let mut message = notify_rust::Notification::new();
    message
        .appname("Единый клиент")
        .summary(&notification.title)
        .body(&escape(&notification.body));
    #[cfg(target_os = "linux")]
    message.action("default", "default");
    if let Ok(shown) = message.show() {
        listen(shown, notification.opens, clicked.clone());
    } else {
        tracing::info!("no notification daemon");
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
fn show(_: &Notification, _: &channel::UnboundedSender<Click>) {}

/// Servers of notifications on Linux read markup in the body.
#[cfg(any(target_os = "linux", target_os = "macos", target_os = "windows"))]
fn escape(text: &str) -> String {
    if cfg!(target_os = "linux") {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

/// A thread for each notification that is shown: it ends when the notification is clicked or closed.
#[cfg(target_os = "linux")]
fn listen(
    shown: notify_rust::NotificationHandle,
    opens: Click,
    clicked: channel::UnboundedSender<Click>,
) {
    std::thread::spawn(move || {
        shown.wait_for_action(|action| {
            if action == "default" {
                // Nobody may be listening any more.
                let _ = clicked.send(opens);
            }
        });
    });
}

/// These systems bring the program to the front by themselves.
#[cfg(any(target_os = "macos", target_os = "windows"))]
fn listen<T>(_: T, _: Click, _: channel::UnboundedSender<Click>) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(title: &str, opens: u128) -> Notification {
        Notification {
            title: title.to_owned(),
            body: String::new(),
            opens: Some(ApplicationId::new(uuid::Uuid::from_u128(opens))),
        }
    }

    #[test]
    fn nt_04_a_burst_is_a_few_notifications() {
        let burst = (0..1_000).map(|n| notification("later", n % 50));
        let kept = coalesce(notification("first", 7), burst);
        assert_eq!(kept.len(), BURST);
        assert_eq!(kept.back(), Some(&notification("later", 49)));
        let same = coalesce(
            notification("first", 1),
            [notification("second", 1)].into_iter(),
        );
        assert_eq!(same, [notification("second", 1)]);
    }

    #[test]
    fn nt_03_markup_is_text() {
        if cfg!(target_os = "linux") {
            assert_eq!(escape("<img> & <b>"), "&lt;img&gt; &amp; &lt;b&gt;");
        }
    }
}

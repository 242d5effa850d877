//! A person who leaves when a test says so.

use std::sync::Arc;

use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use tokio::sync::{Notify, broadcast};
use uc_core::ports::{Departure, Departures};

/// Tells of departures. Clones are the same machine.
#[derive(Debug, Clone)]
pub struct MemoryDepartures(broadcast::Sender<Arc<Notify>>);

impl Default for MemoryDepartures {
    fn default() -> Self {
        Self(broadcast::channel(16).0)
    }
}

impl MemoryDepartures {
    /// The machine is about to sleep; ends when nothing holds it back any more. At once when nobody listens.
    pub async fn sleep(&self) {
        let asleep = Arc::new(Notify::new());
        if self.0.send(Arc::clone(&asleep)).is_ok() {
            asleep.notified().await;
        }
    }
}

/// Lets the machine sleep when it is dropped.
struct Hold(Arc<Notify>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Departures for MemoryDepartures {
    fn watch(&self) -> BoxStream<'static, Departure> {
        let told = self.0.subscribe();
        stream::unfold(told, |mut told| async {
            let asleep = told.recv().await.ok()?;
            Some((Departure::held(Hold(asleep)), told))
        })
        .boxed()
    }
}

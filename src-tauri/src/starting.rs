//! The core, which starts while the window opens.

use std::{future::Future, sync::Arc};

use tokio::sync::watch;
use uc_core::Core;
use uc_ipc::IpcError;
use uc_platform::StartError;

/// The core, once it is there. Clones wait for the same one.
#[derive(Clone)]
pub(crate) struct StartingCore(watch::Receiver<Option<Arc<Core>>>);

impl StartingCore {
    /// One that is there already.
    #[cfg(test)]
    pub(crate) fn of(core: Arc<Core>) -> Self {
        Self(watch::Sender::new(Some(core)).subscribe())
    }

    /// Starts it beside whatever the caller goes on with; the answer ends with what became of it.
    pub(crate) fn begin(
        start: impl Future<Output = Result<Arc<Core>, StartError>>,
    ) -> (Self, impl Future<Output = Result<(), StartError>>) {
        let (sender, receiver) = watch::channel(None);
        let started = async move {
            sender.send_replace(Some(start.await?));
            Ok(())
        };
        (Self(receiver), started)
    }

    /// The core, as soon as it is there.
    pub(crate) async fn get(&self) -> Result<Arc<Core>, IpcError> {
        let mut receiver = self.0.clone();
        let there = receiver.wait_for(Option::is_some).await;
        there.ok().and_then(|core| core.clone()).ok_or_else(|| {
            // The app is about to end with the reason in its log.
            let incident = uuid::Uuid::new_v4().to_string();
            IpcError::Internal { incident }
        })
    }

    /// The core, if it is there.
    pub(crate) fn now(&self) -> Option<Arc<Core>> {
        self.0.borrow().clone()
    }
}

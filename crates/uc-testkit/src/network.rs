//! What is between app and portal: nothing, a gap, or something that swallows answers.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{ByteStream, Http, HttpError, Limits};

/// The way to the portal. Clones are the same way.
#[derive(Clone)]
pub struct Network {
    inner: Arc<dyn Http>,
    offline: Arc<AtomicBool>,
    swallowed: Arc<AtomicU32>,
    requests: Arc<AtomicU32>,
}

impl Network {
    /// A way that works.
    #[must_use]
    pub fn new(inner: Arc<dyn Http>) -> Self {
        Self {
            inner,
            offline: Arc::default(),
            swallowed: Arc::default(),
            requests: Arc::default(),
        }
    }

    /// Whether nothing can be reached.
    pub fn set_offline(&self, offline: bool) {
        self.offline.store(offline, Ordering::SeqCst);
    }

    /// The portal gets this many requests more and its answers to them are lost.
    pub fn swallow_answers(&self, count: u32) {
        self.swallowed.store(count, Ordering::SeqCst);
    }

    /// Requests that were let through.
    #[must_use]
    pub fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }

    fn pass(&self) -> Result<(), HttpError> {
        if self.offline.load(Ordering::SeqCst) {
            return Err(HttpError::Unreachable);
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn swallows(&self) -> bool {
        let less = |count: u32| count.checked_sub(1);
        self.swallowed
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
            .is_ok()
    }
}

impl Http for Network {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        async move {
            self.pass()?;
            let response = self.inner.send(request, limits).await?;
            if self.swallows() {
                return Err(HttpError::Interrupted);
            }
            Ok(response)
        }
        .boxed()
    }

    fn open_stream(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, HttpError>> {
        async move {
            self.pass()?;
            self.inner.open_stream(request).await
        }
        .boxed()
    }
}

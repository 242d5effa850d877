//! What is between app and portal: nothing, a gap, or something that swallows answers.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use serde_json::Value;
use uc_core::ports::{ByteStream, Http, HttpError, Limits};

/// The way to the portal. Clones are the same way.
#[derive(Clone)]
pub struct Network {
    inner: Arc<dyn Http>,
    offline: Arc<AtomicBool>,
    swallowed: Arc<AtomicU32>,
    swallowed_of: Arc<Mutex<Option<(String, u32)>>>,
    paths: Arc<Mutex<Vec<String>>>,
    refused: Arc<Mutex<Option<(String, Value)>>>,
    captive: Arc<AtomicBool>,
}

impl Network {
    /// A way that works.
    #[must_use]
    pub fn new(inner: Arc<dyn Http>) -> Self {
        Self {
            inner,
            offline: Arc::default(),
            swallowed: Arc::default(),
            swallowed_of: Arc::default(),
            paths: Arc::default(),
            refused: Arc::default(),
            captive: Arc::default(),
        }
    }

    /// Whether a network that wants a sign-in of its own answers everything with its page.
    pub fn set_captive(&self, captive: bool) {
        self.captive.store(captive, Ordering::SeqCst);
    }

    /// Whether nothing can be reached.
    pub fn set_offline(&self, offline: bool) {
        self.offline.store(offline, Ordering::SeqCst);
    }

    /// The portal gets this many requests more and its answers to them are lost.
    pub fn swallow_answers(&self, count: u32) {
        self.swallowed.store(count, Ordering::SeqCst);
    }

    /// The same for the next requests to one path.
    pub fn swallow_answers_of(&self, path: &str, count: u32) {
        *self.lock_swallowed_of() = Some((path.to_owned(), count));
    }

    fn lock_swallowed_of(&self) -> std::sync::MutexGuard<'_, Option<(String, u32)>> {
        self.swallowed_of
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The next request to a path does not arrive; this problem (RFC 9457) answers it.
    ///
    /// # Panics
    ///
    /// Later, when the problem has no lawful `status`.
    pub fn refuse_next(&self, path: &str, problem: Value) {
        *self.lock_refused() = Some((path.to_owned(), problem));
    }

    fn lock_refused(&self) -> std::sync::MutexGuard<'_, Option<(String, Value)>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refusal(&self, path: &str) -> Option<http::Response<Vec<u8>>> {
        let (_, problem) = self.lock_refused().take_if(|(known, _)| known == path)?;
        let status = problem["status"]
            .as_u64()
            .and_then(|code| u16::try_from(code).ok());
        let response = http::Response::builder()
            .status(status.expect("a status"))
            .header(http::header::CONTENT_TYPE, "application/problem+json")
            .body(problem.to_string().into_bytes());
        Some(response.expect("a response"))
    }

    /// How many requests to this path were let through.
    #[must_use]
    pub fn requests_to(&self, path: &str) -> usize {
        let paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.iter().filter(|known| *known == path).count()
    }

    fn pass<T>(&self, request: &http::Request<T>) -> Result<(), HttpError> {
        if self.offline.load(Ordering::SeqCst) {
            return Err(HttpError::Unreachable);
        }
        let path = request.uri().path().to_owned();
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        paths.push(path);
        Ok(())
    }

    fn swallows(&self, path: &str) -> bool {
        if let Some((known, count)) = &mut *self.lock_swallowed_of()
            && known == path
            && *count > 0
        {
            *count -= 1;
            return true;
        }
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
            self.pass(&request)?;
            if self.captive.load(Ordering::SeqCst) {
                return Ok(captive_page());
            }
            let path = request.uri().path().to_owned();
            if let Some(refusal) = self.refusal(&path) {
                return Ok(refusal);
            }
            let response = self.inner.send(request, limits).await?;
            if self.swallows(&path) {
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
            self.pass(&request)?;
            self.inner.open_stream(request).await
        }
        .boxed()
    }

    fn disconnect(&self) {
        self.inner.disconnect();
    }
}

/// What a café's network answers until one agrees to its terms.
fn captive_page() -> http::Response<Vec<u8>> {
    let page = "<!DOCTYPE html><title>Welcome</title><form><button>Connect</button></form>";
    let response = http::Response::builder()
        .header(http::header::CONTENT_TYPE, "text/html")
        .body(page.as_bytes().to_vec());
    response.expect("a response")
}

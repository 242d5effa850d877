//! A way to the portal on which submissions meet their fate.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::Notify;
use uc_core::ports::{ByteStream, Http, HttpError, Limits};

/// What happens to one exchange about an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing.
    Passes,
    /// The request does not arrive.
    RequestLost,
    /// The request arrives, the answer does not.
    AnswerLost,
    /// Half of the answer arrives.
    Cut,
    /// The request arrives twice at once.
    Twice,
    /// The request arrives again, after the next one.
    Late,
    /// Something between says that the portal is not there.
    Unavailable,
    /// The client ends before the request leaves.
    CrashBefore,
    /// The client ends with the answer unread.
    CrashAfter,
}

/// The faults to choose from.
pub(super) const FAULTS: [Fate; 8] = [
    Fate::RequestLost,
    Fate::AnswerLost,
    Fate::Cut,
    Fate::Twice,
    Fate::Late,
    Fate::Unavailable,
    Fate::CrashBefore,
    Fate::CrashAfter,
];

/// The way. Clones are the same way.
#[derive(Clone)]
pub(super) struct FaultyWay(Arc<Way>);

struct Way {
    inner: Arc<dyn Http>,
    fates: Mutex<VecDeque<Fate>>,
    late: Mutex<Option<http::Request<Vec<u8>>>>,
    down: AtomicBool,
    crashed: AtomicBool,
    crash: Notify,
    faults: AtomicU32,
}

impl FaultyWay {
    pub(super) fn new(inner: Arc<dyn Http>) -> Self {
        Self(Arc::new(Way {
            inner,
            fates: Mutex::default(),
            late: Mutex::default(),
            down: AtomicBool::new(false),
            crashed: AtomicBool::new(false),
            crash: Notify::new(),
            faults: AtomicU32::new(0),
        }))
    }

    /// What the next exchanges meet; those after them pass.
    pub(super) fn set_fates(&self, fates: impl IntoIterator<Item = Fate>) {
        *lock(&self.0.fates) = fates.into_iter().collect();
    }

    /// Whether nothing can be reached.
    pub(super) fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }

    /// Faults so far.
    pub(super) fn faults(&self) -> u32 {
        self.0.faults.load(Ordering::SeqCst)
    }

    /// Ends when the client is to end.
    pub(super) async fn crash(&self) {
        loop {
            let told = self.0.crash.notified();
            if self.0.crashed.load(Ordering::SeqCst) {
                return;
            }
            told.await;
        }
    }

    /// Whether the client is to end.
    pub(super) fn has_crashed(&self) -> bool {
        self.0.crashed.load(Ordering::SeqCst)
    }

    /// The client has ended, and another may begin.
    pub(super) fn recover(&self) {
        self.0.crashed.store(false, Ordering::SeqCst);
    }

    async fn end_client<T>(&self) -> T {
        self.0.crashed.store(true, Ordering::SeqCst);
        self.0.crash.notify_waiters();
        std::future::pending().await
    }

    async fn meet(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, HttpError> {
        let fate = lock(&self.0.fates).pop_front().unwrap_or(Fate::Passes);
        let count = u32::from(fate != Fate::Passes);
        self.0.faults.fetch_add(count, Ordering::SeqCst);
        match fate {
            Fate::Passes => self.arrive(request, limits).await,
            Fate::RequestLost => Err(HttpError::Unreachable),
            Fate::AnswerLost => {
                self.arrive(request, limits).await?;
                Err(HttpError::Interrupted)
            }
            Fate::Cut => {
                let mut answer = self.arrive(request, limits).await?;
                let half = answer.body().len() / 2;
                answer.body_mut().truncate(half);
                Ok(answer)
            }
            Fate::Twice => {
                let again = self.arrive(request.clone(), limits);
                let answer = self.0.inner.send(request, limits).await;
                drop(again.await);
                answer
            }
            Fate::Late => {
                let answer = self.arrive(request.clone(), limits).await;
                *lock(&self.0.late) = Some(request);
                answer
            }
            Fate::Unavailable => Ok(unavailable()),
            Fate::CrashBefore => self.end_client().await,
            Fate::CrashAfter => {
                drop(self.arrive(request, limits).await);
                self.end_client().await
            }
        }
    }

    /// The request, and what was late.
    async fn arrive(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> Result<http::Response<Vec<u8>>, HttpError> {
        let answer = self.0.inner.send(request, limits).await;
        let late = lock(&self.0.late).take();
        if let Some(late) = late {
            drop(self.0.inner.send(late, limits).await);
        }
        answer
    }
}

fn unavailable() -> http::Response<Vec<u8>> {
    let mut answer = http::Response::new(b"<html>Bad Gateway</html>".to_vec());
    *answer.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    let pause = Duration::from_secs(30).as_secs();
    answer
        .headers_mut()
        .insert(http::header::RETRY_AFTER, pause.into());
    answer
}

fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the idempotency of the portal must bear.
fn is_about_an_application(request: &http::Request<Vec<u8>>) -> bool {
    request.method() != http::Method::GET && request.uri().path().starts_with("/v1/applications/")
}

impl Http for FaultyWay {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        async move {
            if self.0.down.load(Ordering::SeqCst) {
                return Err(HttpError::Unreachable);
            }
            if is_about_an_application(&request) {
                self.meet(request, limits).await
            } else {
                self.0.inner.send(request, limits).await
            }
        }
        .boxed()
    }

    fn open_stream(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, HttpError>> {
        if self.0.down.load(Ordering::SeqCst) {
            return async { Err(HttpError::Unreachable) }.boxed();
        }
        self.0.inner.open_stream(request)
    }

    fn disconnect(&self) {
        self.0.inner.disconnect();
    }
}

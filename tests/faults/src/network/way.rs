//! A way to the portal that leads to a hostile server for some of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{ByteStream, Http, HttpError, Limits};
use uc_platform::RustlsHttp;

/// The way. Clones are the same way.
#[derive(Clone)]
pub(super) struct Way(Arc<Inner>);

struct Inner {
    portal: Arc<dyn Http>,
    hostile: RustlsHttp,
    /// Where the hostile server listens.
    address: String,
    led_astray: Mutex<Option<&'static str>>,
}

impl Way {
    pub(super) fn new(portal: Arc<dyn Http>, hostile: RustlsHttp, address: &str) -> Self {
        Self(Arc::new(Inner {
            portal,
            hostile,
            address: address.to_owned(),
            led_astray: Mutex::default(),
        }))
    }

    /// Requests whose path begins like this go to the hostile server; none, to the portal.
    pub(super) fn lead_astray(&self, beginning: Option<&'static str>) {
        *self.lock() = beginning;
    }

    fn lock(&self) -> MutexGuard<'_, Option<&'static str>> {
        let held = self.0.led_astray.lock();
        held.unwrap_or_else(PoisonError::into_inner)
    }

    /// The same request to the hostile server, where it is led there.
    fn astray<T>(&self, request: &mut http::Request<T>) -> bool {
        let path = request.uri().path_and_query();
        let path = path.map_or("/", http::uri::PathAndQuery::as_str);
        if !self.lock().is_some_and(|begin| path.starts_with(begin)) {
            return false;
        }
        let elsewhere = format!("{}{path}", self.0.address).parse();
        elsewhere.is_ok_and(|address| {
            *request.uri_mut() = address;
            true
        })
    }
}

impl Http for Way {
    fn send(
        &self,
        mut request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        if self.astray(&mut request) {
            self.0.hostile.send(request, limits)
        } else {
            self.0.portal.send(request, limits)
        }
    }

    fn open_stream(
        &self,
        mut request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, HttpError>> {
        if self.astray(&mut request) {
            self.0.hostile.open_stream(request)
        } else {
            self.0.portal.open_stream(request)
        }
        .boxed()
    }

    fn disconnect(&self) {
        self.0.portal.disconnect();
        self.0.hostile.disconnect();
    }
}

//! A way to the portal on which the catalogue is answered from a file.

use std::{
    fs::File,
    io::{Seek as _, SeekFrom, Write as _},
    os::unix::fs::FileExt as _,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use http::{StatusCode, header};
use uc_core::ports::{ByteStream, Http, HttpError, Limits};
use uc_portal_api::CATALOGUE_PAGE;

/// Changes in the order in which they are sent, and what was asked for.
pub(crate) struct Served(Mutex<Log>);

struct Log {
    file: File,
    /// Where each change begins, and where the last one ends.
    places: Vec<u64>,
    count: Count,
}

/// What was asked for.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Count {
    pub(crate) requests: u32,
    pub(crate) changes: u32,
    pub(crate) bytes: usize,
}

impl Served {
    pub(crate) fn new(path: &Path) -> std::io::Result<Self> {
        let file = File::options()
            .create_new(true)
            .read(true)
            .append(true)
            .open(path)?;
        Ok(Self(Mutex::new(Log {
            file,
            places: vec![0],
            count: Count::default(),
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds changes, as JSON.
    pub(crate) fn add(&self, changes: impl Iterator<Item = String>) -> std::io::Result<()> {
        let mut log = self.lock();
        let mut text = String::new();
        let mut end = log.file.seek(SeekFrom::End(0))?;
        for change in changes {
            text.push_str(&change);
            text.push(',');
            end += change.len() as u64 + 1;
            log.places.push(end);
        }
        log.file.write_all(text.as_bytes())
    }

    /// What was asked for since the last call.
    pub(crate) fn take_count(&self) -> Count {
        std::mem::take(&mut self.lock().count)
    }

    fn answer(&self, request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let mut log = self.lock();
        let query = request.uri().query().unwrap_or_default();
        let after = query
            .strip_prefix("after=")
            .map_or(0, |it| it.parse().unwrap());
        let known = log.places.len() - 1;
        let until = known.min(after + CATALOGUE_PAGE);
        // As the portal does: it names the state of the whole catalogue.
        let tag = format!("\"{known}\"");
        let builder = http::Response::builder().header(header::ETAG, &tag);
        log.count.requests += 1;
        log.count.changes += u32::try_from(until - after).unwrap();
        let is_known = request
            .headers()
            .get(header::IF_NONE_MATCH)
            .is_some_and(|it| it.as_bytes() == tag.as_bytes());
        if is_known {
            let builder = builder.status(StatusCode::NOT_MODIFIED);
            return builder.body(Vec::new()).unwrap();
        }
        let body = log.page(after, until, known);
        log.count.bytes += body.len();
        let builder = builder.header(header::CONTENT_TYPE, "application/json");
        builder.body(body).unwrap()
    }
}

impl Log {
    fn page(&self, after: usize, until: usize, known: usize) -> Vec<u8> {
        let (begin, end) = (self.places[after], self.places[until]);
        let mut changes = vec![0; usize::try_from(end - begin).unwrap()];
        self.file.read_exact_at(&mut changes, begin).unwrap();
        // The comma behind the last.
        changes.pop();
        let (more, remaining) = (until < known, known - after);
        let mut body = b"{\"changes\":[".to_vec();
        body.append(&mut changes);
        let end = format!("],\"next\":\"{until}\",\"hasMore\":{more},\"remaining\":{remaining}}}");
        body.extend_from_slice(end.as_bytes());
        body
    }
}

/// The way.
pub(crate) struct Way {
    inner: Arc<dyn Http>,
    served: Arc<Served>,
}

impl Way {
    pub(crate) fn new(inner: Arc<dyn Http>, served: Arc<Served>) -> Self {
        Self { inner, served }
    }
}

impl Http for Way {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        if request.uri().path() == "/v1/catalogue" {
            let answer = self.served.answer(&request);
            return async move { Ok(answer) }.boxed();
        }
        self.inner.send(request, limits)
    }

    fn open_stream(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, HttpError>> {
        self.inner.open_stream(request)
    }

    fn disconnect(&self) {
        self.inner.disconnect();
    }
}

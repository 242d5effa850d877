//! Ports with a fault point before and after everything that lasts.

use std::{fs, io, path::PathBuf, sync::Arc};

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{
    ByteStream, Files, Http, HttpError, Keyring, KeyringError, KeyringItem, Limits, ProfileFile,
    SecretVec,
};

use crate::fault_point::FaultPoints;

/// A port with fault points.
pub(crate) struct Killing<P> {
    /// What does the work.
    pub(crate) inner: P,
    /// Where it may end.
    pub(crate) points: FaultPoints,
    /// The planted bug: the key bundle is written in place, in two halves.
    pub(crate) torn: bool,
}

impl<P> Killing<P> {
    fn around<T>(&self, work: impl FnOnce(&P) -> T) -> T {
        self.points.pass();
        let done = work(&self.inner);
        self.points.pass();
        done
    }
}

impl<P: Keyring> Keyring for Killing<P> {
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
        self.inner.probe()
    }

    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
        self.inner.find(item)
    }

    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.points.pass();
            let done = self.inner.store(item, secret).await;
            self.points.pass();
            done
        }
        .boxed()
    }

    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.points.pass();
            let done = self.inner.delete(item).await;
            self.points.pass();
            done
        }
        .boxed()
    }
}

impl<P: Files> Killing<P> {
    /// What a program does that writes its keys in place.
    fn tear(&self, file: ProfileFile, bytes: &[u8]) -> io::Result<()> {
        let (half, _) = bytes.split_at(bytes.len() / 2);
        self.inner.wipe(ProfileFile::PreviousKeyBundle)?;
        fs::write(self.inner.path(file), half)
    }
}

impl<P: Files> Files for Killing<P> {
    fn path(&self, file: ProfileFile) -> PathBuf {
        self.inner.path(file)
    }

    fn find(&self, file: ProfileFile) -> io::Result<Option<Vec<u8>>> {
        self.inner.find(file)
    }

    fn replace(&self, file: ProfileFile, bytes: &[u8]) -> io::Result<()> {
        if self.torn && file == ProfileFile::KeyBundle {
            self.tear(file, bytes)?;
        }
        self.around(|inner| inner.replace(file, bytes))
    }

    fn wipe(&self, file: ProfileFile) -> io::Result<()> {
        self.around(|inner| inner.wipe(file))
    }

    fn wipe_quarantine(&self) -> io::Result<()> {
        self.around(Files::wipe_quarantine)
    }

    fn temporary(&self) -> io::Result<Arc<dyn Files>> {
        self.inner.temporary()
    }
}

impl<P: Http> Http for Killing<P> {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, HttpError>> {
        async move {
            self.points.pass();
            let answer = self.inner.send(request, limits).await;
            self.points.pass();
            answer
        }
        .boxed()
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

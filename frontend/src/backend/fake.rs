//! Sample data instead of a core: for looking at screens and for component tests. Not in releases.
//!
//! The page's address says where to begin: `?backend=fake&phase=locked&theme=dark&size=largest&lang=en&offline=1`.

mod account;
mod catalogue;
mod desk;
mod samples;

use std::{
    rc::Rc,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt, future::LocalBoxFuture};
use uc_ipc::{Command, Commands, IpcError};

use self::desk::Desk;
use super::transport::{Refusal, Transport};

/// A core that keeps everything in memory and forgets it when the window closes.
pub(super) struct Fake {
    core: Rc<FakeCore>,
}

/// The state behind the commands.
pub(super) struct FakeCore {
    desk: Mutex<Desk>,
}

impl FakeCore {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fake {
    pub(super) fn new() -> Self {
        let desk = Mutex::new(Desk::from_address());
        Self {
            core: Rc::new(FakeCore { desk }),
        }
    }
}

/// Reads the request, runs the command, writes the answer.
async fn answer<C, F>(request: String, run: impl FnOnce(C) -> F) -> Result<String, Refusal>
where
    C: Command,
    F: Future<Output = Result<C::Output, IpcError>>,
{
    let request = serde_json::from_str(&request).map_err(|_| Refusal::Unreachable)?;
    match run(request).await {
        Ok(answer) => serde_json::to_string(&answer).map_err(|_| Refusal::Unreachable),
        Err(error) => Err(Refusal::Answer(
            serde_json::to_string(&error).unwrap_or_default(),
        )),
    }
}

macro_rules! dispatch {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $output:ty;)+) => {
        fn dispatch(
            core: Rc<FakeCore>,
            command: &'static str,
            request: String,
        ) -> LocalBoxFuture<'static, Result<String, Refusal>> {
            match command {
                $(stringify!($name) => async move {
                    answer::<$request, _>(request, |request| core.$name(request)).await
                }.boxed_local(),)+
                _ => async { Err(Refusal::Unreachable) }.boxed_local(),
            }
        }
    };
}
uc_ipc::for_each_command!(dispatch);

impl Transport for Fake {
    fn call(
        &self,
        command: &'static str,
        request: String,
    ) -> LocalBoxFuture<'static, Result<String, Refusal>> {
        dispatch(Rc::clone(&self.core), command, request)
    }

    fn listen(&self, _on_event: Rc<dyn Fn(String)>) {}
}

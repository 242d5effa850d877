//! The command table as Tauri's commands. No logic here.

use std::{future::Future, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use tauri::{Runtime, ipc::Invoke};
use uc_ipc::IpcError;

macro_rules! tauri_commands {
    ($($(#[$doc:meta])* $name:ident($request:ty) -> $output:ty;)+) => {
        mod table {
            use tauri::State;
            use uc_ipc::{Commands as _, IpcError};

            use crate::starting::StartingCore;

            $(
                $(#[$doc])*
                #[tauri::command]
                pub(super) async fn $name(
                    core: State<'_, StartingCore>,
                    request: $request,
                ) -> Result<$output, IpcError> {
                    let work = async { core.get().await?.$name(request).await };
                    super::guarded(stringify!($name), work).await
                }
            )+
        }

        /// Hands an invocation to the command it names.
        pub(crate) fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(table::$name),+]
        }
    };
}
uc_ipc::for_each_command!(tauri_commands);

/// Answers a panic as an internal error: without this the caller would wait for ever.
async fn guarded<T>(
    command: &'static str,
    work: impl Future<Output = Result<T, IpcError>>,
) -> Result<T, IpcError> {
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| {
            let incident = uuid::Uuid::new_v4().to_string();
            tracing::error!(command, incident, "command panicked");
            Err(IpcError::Internal { incident })
        })
}

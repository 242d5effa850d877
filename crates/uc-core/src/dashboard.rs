//! The home screen.

use uc_ipc::{Dashboard, IpcError, OpenDashboard};

use crate::Core;

pub(crate) async fn open_dashboard(_: &Core, _: OpenDashboard) -> Result<Dashboard, IpcError> {
    Err(IpcError::NotFound)
}

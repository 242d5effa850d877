//! Sending a filled form.

use uc_ipc::{ApplicationDetails, IpcError, SubmitApplication};

use crate::Core;

pub(crate) async fn submit_application(
    _: &Core,
    _: SubmitApplication,
) -> Result<ApplicationDetails, IpcError> {
    Err(IpcError::NotFound)
}

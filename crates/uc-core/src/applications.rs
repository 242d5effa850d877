//! Applications and their history.

use uc_ipc::{
    ApplicationDetails, ApplicationPage, CancelApplication, IpcError, ListApplications,
    OpenApplication,
};

use crate::Core;

pub(crate) async fn list_applications(
    _: &Core,
    _: ListApplications,
) -> Result<ApplicationPage, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn open_application(
    _: &Core,
    _: OpenApplication,
) -> Result<ApplicationDetails, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn cancel_application(
    _: &Core,
    _: CancelApplication,
) -> Result<ApplicationDetails, IpcError> {
    Err(IpcError::NotFound)
}

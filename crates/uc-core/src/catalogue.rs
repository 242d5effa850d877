//! Reading the catalogue.

use uc_ipc::{
    CatalogueOverview, IpcError, OpenCatalogue, OpenService, SearchServices, ServiceDetails,
    ServicePage,
};

use crate::Core;

pub(crate) async fn open_catalogue(
    _: &Core,
    _: OpenCatalogue,
) -> Result<CatalogueOverview, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn search_services(_: &Core, _: SearchServices) -> Result<ServicePage, IpcError> {
    Err(IpcError::NotFound)
}

pub(crate) async fn open_service(_: &Core, _: OpenService) -> Result<ServiceDetails, IpcError> {
    Err(IpcError::NotFound)
}

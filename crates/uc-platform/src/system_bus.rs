//! The bus of a Linux system's services.

/// Where it is: `None` for the system's own.
#[derive(Debug, Clone)]
pub(crate) struct SystemBus(Option<String>);

impl SystemBus {
    pub(crate) const fn new(address: Option<String>) -> Self {
        Self(address)
    }

    pub(crate) async fn connect(&self) -> zbus::Result<zbus::Connection> {
        match &self.0 {
            Some(address) => {
                zbus::connection::Builder::address(address.as_str())?
                    .build()
                    .await
            }
            None => zbus::Connection::system().await,
        }
    }
}

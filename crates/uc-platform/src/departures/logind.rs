//! Linux: systemd-logind tells of sleep, which it puts off for us, and of the lock of the session's screen.

use futures_util::{
    FutureExt as _, StreamExt as _,
    stream::{self, BoxStream},
};
use uc_core::ports::{Departure, Departures};
use zbus::zvariant::{OwnedFd, OwnedObjectPath};

use crate::system_bus::SystemBus;

/// Who puts sleep off, as `systemd-inhibit --list` shows it.
const WHO: &str = "edinyi-klient";
/// Why; operators read it, people do not.
const WHY: &str = "closing the vault";
/// The session that the caller is in, or the one on the person's screen.
const OWN_SESSION: &str = "auto";

/// The desktop's word that its person leaves.
#[derive(Debug)]
pub struct Logind {
    bus: SystemBus,
}

impl Logind {
    /// On the bus at this address, or on the system's.
    #[must_use]
    pub const fn on(address: Option<String>) -> Self {
        Self {
            bus: SystemBus::new(address),
        }
    }
}

impl Departures for Logind {
    fn watch(&self) -> BoxStream<'static, Departure> {
        let bus = self.bus.clone();
        async move {
            listen(&bus).await.unwrap_or_else(|error| {
                tracing::info!(%error, "logind tells of no departures");
                stream::empty().boxed()
            })
        }
        .flatten_stream()
        .boxed()
    }
}

async fn listen(bus: &SystemBus) -> zbus::Result<BoxStream<'static, Departure>> {
    let bus = bus.connect().await?;
    let manager = ManagerProxy::new(&bus).await?;
    let sleeps = sleeps(manager.clone()).await?;
    let locks = match locks(&bus, &manager).await {
        Ok(locks) => locks,
        Err(error) => {
            tracing::info!(%error, "logind tells of no locked screen");
            stream::empty().boxed()
        }
    };
    Ok(stream::select(sleeps, locks).boxed())
}

/// Each sleep, put off until the departure is dropped.
async fn sleeps(manager: ManagerProxy<'static>) -> zbus::Result<BoxStream<'static, Departure>> {
    let signals = manager.receive_prepare_for_sleep().await?;
    let held = hold(&manager).await;
    let departures = stream::unfold(
        (signals, manager, held),
        |(mut signals, manager, mut held)| async move {
            loop {
                let signal = signals.next().await?;
                if signal.args().is_ok_and(|told| told.start) {
                    let departure = held
                        .take()
                        .map_or_else(Departure::immediate, Departure::held);
                    return Some((departure, (signals, manager, held)));
                }
                held = hold(&manager).await;
            }
        },
    );
    Ok(departures.boxed())
}

/// Puts the next sleep off until this is dropped; a system that refuses that still tells.
async fn hold(manager: &ManagerProxy<'_>) -> Option<OwnedFd> {
    let held = manager.inhibit("sleep", WHO, WHY, "delay").await;
    held.inspect_err(|error| tracing::info!(%error, "sleep will not wait"))
        .ok()
}

/// Each time the session is told to lock or says that it is.
async fn locks(
    bus: &zbus::Connection,
    manager: &ManagerProxy<'_>,
) -> zbus::Result<BoxStream<'static, Departure>> {
    let path = manager.get_session(OWN_SESSION).await?;
    let session = SessionProxy::builder(bus).path(path)?.build().await?;
    let told = session.receive_lock().await?.map(|_| ());
    let hints = session.receive_locked_hint_changed().await;
    let hints = hints.filter_map(|hint| async move { hint.get().await.ok()?.then_some(()) });
    let locks = stream::select(told, hints.boxed());
    Ok(locks.map(|()| Departure::immediate()).boxed())
}

#[zbus::proxy(
    interface = "org.freedesktop.login1.Manager",
    default_service = "org.freedesktop.login1",
    default_path = "/org/freedesktop/login1",
    gen_blocking = false
)]
trait Manager {
    fn get_session(&self, session_id: &str) -> zbus::Result<OwnedObjectPath>;

    fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::Result<OwnedFd>;

    #[zbus(signal)]
    fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
}

#[zbus::proxy(
    interface = "org.freedesktop.login1.Session",
    default_service = "org.freedesktop.login1",
    gen_blocking = false
)]
trait Session {
    #[zbus(signal)]
    fn lock(&self) -> zbus::Result<()>;

    #[zbus(property)]
    fn locked_hint(&self) -> zbus::Result<bool>;
}

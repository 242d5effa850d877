//! Linux: the desktop's own question, asked by polkit. No reader of fingerprints there gives a key out, so the key that
//! the passcode opened is held by the kernel until the process ends, and polkit says whether it may be used again.

use std::{collections::HashMap, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::{sync::OnceCell, time::timeout};
use uc_core::ports::{Biometrics, SecretVec, Sensor, SensorFault};
use zbus::zvariant::Value;

use super::keeper::Keeper;
use crate::system_bus::SystemBus;

/// The act that `linux/org.edinyiklient.app.policy` describes.
const ACT: &str = "org.edinyiklient.app.unlock";
/// How long the desktop may take to say whether it would ask.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the person may take.
const PERSON: Duration = Duration::from_mins(2);
/// The detail by which polkit tells that its question was closed.
const DISMISSED: &str = "polkit.dismissed";

/// The desktop's question, and the key that waits for its answer.
#[derive(Debug)]
pub struct Polkit {
    system: SystemBus,
    bus: OnceCell<zbus::Connection>,
    keeper: Keeper,
}

impl Polkit {
    /// On the bus at this address, or on the system's.
    #[must_use]
    pub fn on(address: Option<String>) -> Self {
        Self {
            system: SystemBus::new(address),
            bus: OnceCell::new(),
            keeper: Keeper::start(),
        }
    }

    async fn ask(&self, manner: Manner) -> zbus::Result<Answer> {
        let bus = self.bus.get_or_try_init(|| self.system.connect()).await?;
        let name = bus.unique_name().ok_or(zbus::Error::InvalidReply)?;
        // This connection: no other process can take its name over.
        let subject = (
            "system-bus-name",
            HashMap::from([("name", Value::from(name.as_str()))]),
        );
        let authority = AuthorityProxy::new(bus).await?;
        let (authorized, challenge, details) = authority
            .check_authorization(subject, ACT, HashMap::new(), manner as u32, "")
            .await?;
        Ok(if authorized {
            Answer::Yes
        } else if details.contains_key(DISMISSED) {
            Answer::Dismissed
        } else if challenge {
            Answer::WouldAsk
        } else {
            Answer::No
        })
    }
}

/// What polkit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    WouldAsk,
    Dismissed,
    No,
}

/// Whether polkit may ask the person (`CheckAuthorizationFlags` of its interface).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Manner {
    Quietly = 0,
    Asking = 1,
}

type Subject<'v> = (&'v str, HashMap<&'v str, Value<'v>>);

#[zbus::proxy(
    interface = "org.freedesktop.PolicyKit1.Authority",
    default_service = "org.freedesktop.PolicyKit1",
    default_path = "/org/freedesktop/PolicyKit1/Authority",
    gen_blocking = false
)]
trait Authority {
    /// Answers with: authorized, would ask, details.
    fn check_authorization(
        &self,
        subject: Subject<'_>,
        action_id: &str,
        details: HashMap<&str, &str>,
        flags: u32,
        cancellation_id: &str,
    ) -> zbus::Result<(bool, bool, HashMap<String, String>)>;
}

impl Biometrics for Polkit {
    /// A system that says yes without asking anybody proves nothing: it counts as none.
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>> {
        async {
            let answer = timeout(PATIENCE, self.ask(Manner::Quietly)).await;
            matches!(answer, Ok(Ok(Answer::WouldAsk))).then_some(Sensor::System)
        }
        .boxed()
    }

    fn holds_key(&self) -> BoxFuture<'_, bool> {
        self.keeper.holds().boxed()
    }

    fn keep(&self, key: SecretVec, _: &'static str) -> BoxFuture<'_, Result<(), SensorFault>> {
        self.keeper.keep(key).boxed()
    }

    /// The words are polkit's, from the policy file.
    fn release(&self, _words: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>> {
        async {
            let question = self.ask(Manner::Asking);
            match timeout(PERSON, question).await {
                Ok(Ok(Answer::Yes)) => self.keeper.read().await,
                Ok(Ok(Answer::Dismissed)) | Err(_) => Err(SensorFault::Declined),
                Ok(Ok(Answer::No | Answer::WouldAsk)) => Err(SensorFault::NotRecognised),
                Ok(Err(error)) => {
                    tracing::warn!(%error, "polkit cannot be asked");
                    Err(SensorFault::Unavailable)
                }
            }
        }
        .boxed()
    }

    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>> {
        self.keeper.forget().boxed()
    }
}

//! Touch ID and Face ID: an item of the Keychain that the Secure Enclave gives to the enrolled person alone.
//!
//! The item belongs to the fingers or the face that are enrolled as it is written (`biometryCurrentSet`): with another enrolment
//! it is gone. It never leaves this device, and needs a device with a passcode.

use futures_util::{FutureExt as _, future::BoxFuture};
use objc2_local_authentication::{LABiometryType, LAContext, LAPolicy};
use security_framework::{
    access_control::{ProtectionMode, SecAccessControl},
    base::Error,
    item::{ItemClass, ItemSearchOptions},
    passwords::{
        AccessControlOptions, PasswordOptions, delete_generic_password_options, generic_password,
        set_generic_password_options,
    },
};
use uc_core::ports::{Biometrics, SecretVec, Sensor, SensorFault};
use uc_model::Secret;

use super::status;

/// The name that people see in their keychain.
const SERVICE: &str = "edinyi-klient/sensor";

/// The sensor of a Mac, an iPhone or an iPad.
#[derive(Debug)]
pub(super) struct AppleBiometry {
    account: String,
}

impl AppleBiometry {
    /// For a profile.
    pub(super) const fn new(profile: String) -> Self {
        Self { account: profile }
    }

    /// Runs what may wait for the person, off the async threads.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&str) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, SensorFault> {
        let account = self.account.clone();
        let done = tokio::task::spawn_blocking(move || work(&account)).await;
        let done = done.map_err(|_| SensorFault::Unavailable)?;
        done.map_err(|error| status::of_keychain(error.code()))
    }
}

impl Biometrics for AppleBiometry {
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>> {
        async { enrolled() }.boxed()
    }

    fn holds_key(&self) -> BoxFuture<'_, bool> {
        async move { self.blocking(is_kept).await.is_ok() }.boxed()
    }

    fn keep(&self, key: SecretVec, _: &'static str) -> BoxFuture<'_, Result<(), SensorFault>> {
        self.blocking(move |account| {
            forget(account)?;
            let mut item = options(account);
            item.set_access_control(SecAccessControl::create_with_protection(
                Some(ProtectionMode::AccessibleWhenPasscodeSetThisDeviceOnly),
                AccessControlOptions::BIOMETRY_CURRENT_SET.bits(),
            )?);
            set_generic_password_options(key.expose(), item)
        })
        .boxed()
    }

    fn release(&self, _: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>> {
        // The system asks in its own words, with the app's name.
        self.blocking(|account| generic_password(options(account)).map(Secret::new))
            .boxed()
    }

    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>> {
        self.blocking(forget).boxed()
    }
}

fn options(account: &str) -> PasswordOptions {
    let mut options = PasswordOptions::new_generic_password(SERVICE, account);
    options.use_protected_keychain();
    options
}

fn forget(account: &str) -> Result<(), Error> {
    match delete_generic_password_options(options(account)) {
        Err(error) if error.code() != status::NOT_FOUND => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Looks for the item without asking the person: its attributes are open.
fn is_kept(account: &str) -> Result<(), Error> {
    let mut search = ItemSearchOptions::new();
    search.class(ItemClass::generic_password());
    search.service(SERVICE).account(account);
    // A phone has no other.
    #[cfg(target_os = "macos")]
    search.ignore_legacy_keychains();
    search.load_attributes(true);
    search.search().map(drop)
}

/// What there is, with somebody enrolled.
#[expect(unsafe_code, reason = "the framework's calls have no safe wrapper")]
fn enrolled() -> Option<Sensor> {
    // SAFETY: the context is new and this thread's alone; both calls take and keep nothing of ours.
    let kind = unsafe {
        let context = LAContext::new();
        let policy = LAPolicy::DeviceOwnerAuthenticationWithBiometrics;
        context.canEvaluatePolicy_error(policy).ok()?;
        context.biometryType()
    };
    if kind == LABiometryType::TouchID {
        Some(Sensor::TouchId)
    } else if kind == LABiometryType::FaceID {
        Some(Sensor::FaceId)
    } else {
        None
    }
}

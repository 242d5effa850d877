//! Windows Hello: a key of the TPM signs a text that is always the same, and the signature opens the wrap.
//!
//! A `KeyCredential` signs by RSA with PKCS #1 v1.5 (RS256), whose signatures of one text are all alike (RFC 8017 §8.2.1), after the
//! person has shown face, finger or the PIN of Windows. Windows keeps the key; nothing that lies on the disk opens the wrap.

use futures_util::{FutureExt as _, future::BoxFuture};
use rand::{CryptoRng, rand_core::UnwrapErr, rngs::SysRng};
use uc_auth::lock::{Challenge, KeyEncryptionKey, open_for_sensor, seal_for_sensor, wraps};
use uc_core::ports::{Biometrics, Keyring as _, KeyringItem, SecretVec, Sensor, SensorFault};
use uc_model::Secret;
use windows::{
    Security::{
        Credentials::{
            KeyCredential, KeyCredentialCreationOption, KeyCredentialManager, KeyCredentialStatus,
        },
        Cryptography::CryptographicBuffer,
    },
    core::{Array, HSTRING},
};

use super::status;
use crate::OsKeyring;

/// The sensor of Windows.
#[derive(Debug)]
pub(super) struct WindowsHello {
    /// Names the key.
    name: String,
    keyring: OsKeyring,
}

impl WindowsHello {
    /// For a profile, whose keyring holds the wrap.
    pub(super) fn new(profile: &str, keyring: OsKeyring) -> Self {
        Self {
            name: format!("edinyi-klient/{profile}"),
            keyring,
        }
    }

    async fn item(&self) -> Option<SecretVec> {
        self.keyring.find(KeyringItem::Sensor).await.ok().flatten()
    }

    async fn wrap(&self, key: &SecretVec) -> Result<(), SensorFault> {
        let key = KeyEncryptionKey::parse(key.expose()).map_err(|_| SensorFault::Unavailable)?;
        if self
            .item()
            .await
            .is_some_and(|item| wraps(item.expose(), &key))
        {
            return Ok(());
        }
        let challenge = Challenge::generate(&mut rng());
        let name = self.name.clone();
        let signature = blocking(move || sign(&create(&name)?, challenge)).await?;
        let item = seal_for_sensor(&key, challenge, signature.expose(), &mut rng());
        let kept = self.keyring.store(KeyringItem::Sensor, Secret::new(item));
        kept.await.map_err(|_| SensorFault::Unavailable)
    }

    async fn unwrap(&self) -> Result<SecretVec, SensorFault> {
        let item = self.item().await.ok_or(SensorFault::Gone)?;
        let challenge = Challenge::of_item(item.expose()).ok_or(SensorFault::Gone)?;
        let name = self.name.clone();
        let signature = blocking(move || sign(&open(&name)?, challenge)).await?;
        // Another key of Windows has signed: the person has set Hello up anew.
        let key = open_for_sensor(item.expose(), signature.expose());
        let key = key.map_err(|_| SensorFault::Gone)?;
        Ok(Secret::new(key.expose().to_vec()))
    }
}

impl Biometrics for WindowsHello {
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>> {
        async {
            let asked = blocking(|| Ok(KeyCredentialManager::IsSupportedAsync()?.join()?)).await;
            asked.ok()?.then_some(Sensor::WindowsHello)
        }
        .boxed()
    }

    fn holds_key(&self) -> BoxFuture<'_, bool> {
        async { self.item().await.is_some() }.boxed()
    }

    fn keep(&self, key: SecretVec, _: &'static str) -> BoxFuture<'_, Result<(), SensorFault>> {
        async move { self.wrap(&key).await }.boxed()
    }

    fn release(&self, _: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>> {
        // Windows asks in its own words, with the key's name.
        self.unwrap().boxed()
    }

    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>> {
        async move {
            let deleted = self.keyring.delete(KeyringItem::Sensor).await;
            let name = HSTRING::from(&self.name);
            // A key that wraps nothing harms nobody.
            let _ = blocking(move || Ok(KeyCredentialManager::DeleteAsync(&name)?.join()?)).await;
            deleted.map_err(|_| SensorFault::Unavailable)
        }
        .boxed()
    }
}

/// What ends a call of Windows.
enum Failure {
    Status(KeyCredentialStatus),
    Call(windows::core::Error),
}

impl From<windows::core::Error> for Failure {
    fn from(error: windows::core::Error) -> Self {
        Self::Call(error)
    }
}

/// Runs what may wait for the person, off the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, SensorFault> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|_| SensorFault::Unavailable)?;
    done.map_err(|failure| match failure {
        Failure::Status(status) => status::of_key_credential(status.0),
        Failure::Call(error) => {
            tracing::warn!(%error, "Windows Hello did not answer");
            SensorFault::Unavailable
        }
    })
}

fn create(name: &str) -> Result<KeyCredential, Failure> {
    let made = KeyCredentialManager::RequestCreateAsync(
        &HSTRING::from(name),
        KeyCredentialCreationOption::ReplaceExisting,
    )?
    .join()?;
    succeeded(made.Status()?)?;
    Ok(made.Credential()?)
}

fn open(name: &str) -> Result<KeyCredential, Failure> {
    let opened = KeyCredentialManager::OpenAsync(&HSTRING::from(name))?.join()?;
    succeeded(opened.Status()?)?;
    Ok(opened.Credential()?)
}

fn sign(key: &KeyCredential, challenge: Challenge) -> Result<SecretVec, Failure> {
    let text = CryptographicBuffer::CreateFromByteArray(challenge.as_bytes())?;
    let signed = key.RequestSignAsync(&text)?.join()?;
    succeeded(signed.Status()?)?;
    let mut signature = Array::new();
    CryptographicBuffer::CopyToByteArray(&signed.Result()?, &mut signature)?;
    Ok(Secret::new(signature.to_vec()))
}

fn succeeded(status: KeyCredentialStatus) -> Result<(), Failure> {
    if status == KeyCredentialStatus::Success {
        Ok(())
    } else {
        Err(Failure::Status(status))
    }
}

fn rng() -> impl CryptoRng {
    UnwrapErr(SysRng)
}

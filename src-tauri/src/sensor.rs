//! Android's biometric prompt, by Tauri's plugin: it holds the key in the hardware's store and hands nothing out without the person.

use std::sync::{Arc, OnceLock};

use futures_util::{FutureExt as _, future::BoxFuture};
use tauri::{AppHandle, Wry, plugin::mobile::PluginInvokeError};
use tauri_plugin_biometric::{AuthOptions, BiometricExt as _, Error};
use uc_core::ports::{Biometrics, SensorFault};
use uc_model::Secret;
use uc_platform::{OsKeyring, Profile, Prompt, PromptedSensor, biometric_prompt_fault};

/// The app, once it is built: the core starts before it.
static APP: OnceLock<AppHandle> = OnceLock::new();

/// The sensor for a profile.
pub(crate) fn of_profile(profile: &Profile) -> Arc<dyn Biometrics> {
    let keyring = OsKeyring::new(&profile.folder);
    Arc::new(PromptedSensor::new(BiometricPrompt, keyring))
}

/// From now on the person can be asked.
pub(crate) fn attach(app: &AppHandle) {
    // A second attachment would be of the same app.
    let _ = APP.set(app.clone());
}

#[derive(Debug)]
struct BiometricPrompt;

impl Prompt for BiometricPrompt {
    fn has_enrolled(&self) -> BoxFuture<'_, bool> {
        let asked = blocking(|app| app.biometric().status());
        async { asked.await.is_ok_and(|status| status.is_available) }.boxed()
    }

    fn encrypt(
        &self,
        text: Secret<String>,
        words: &'static str,
    ) -> BoxFuture<'_, Result<String, SensorFault>> {
        let options = AuthOptions {
            data_to_encrypt: Some(text.expose().clone()),
            ..titled(words)
        };
        cipher(options, words)
    }

    fn decrypt(
        &self,
        sealed: String,
        words: &'static str,
    ) -> BoxFuture<'_, Result<Secret<String>, SensorFault>> {
        let options = AuthOptions {
            data_to_decrypt: Some(sealed),
            ..titled(words)
        };
        async move { cipher(options, words).await.map(Secret::new) }.boxed()
    }
}

fn titled(words: &'static str) -> AuthOptions {
    AuthOptions {
        title: Some(words.to_owned()),
        confirmation_required: Some(false),
        ..AuthOptions::default()
    }
}

fn cipher(
    options: AuthOptions,
    words: &'static str,
) -> BoxFuture<'static, Result<String, SensorFault>> {
    let asked = blocking(move |app| app.biometric().biometric_cipher(words.to_owned(), options));
    async move { Ok(asked.await?.data) }.boxed()
}

/// Waits for the person off the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce(&AppHandle<Wry>) -> tauri_plugin_biometric::Result<T> + Send + 'static,
) -> Result<T, SensorFault> {
    let app = APP.get().ok_or(SensorFault::Unavailable)?;
    let done = tokio::task::spawn_blocking(move || work(app)).await;
    let done = done.map_err(|_| SensorFault::Unavailable)?;
    done.map_err(|error| match error {
        Error::PluginInvoke(PluginInvokeError::InvokeRejected(refusal)) => {
            biometric_prompt_fault(refusal.code.as_deref())
        }
        other => {
            tracing::warn!(error = %other, "the biometric prompt did not answer");
            SensorFault::Unavailable
        }
    })
}

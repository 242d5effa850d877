//! Android's biometric prompt, by Tauri's plugin: it holds the key in the hardware's store and hands nothing out without the person.

use std::sync::Arc;

use futures_util::{FutureExt as _, future::BoxFuture};
use tauri::{AppHandle, plugin::mobile::PluginInvokeError};
use tauri_plugin_biometric::{AuthOptions, BiometricExt as _, Error};
use uc_core::ports::{Biometrics, SensorFault};
use uc_model::Secret;
use uc_platform::{OsKeyring, Profile, Prompt, PromptedSensor, biometric_prompt_fault};

use crate::late_app::LateApp;

/// The sensor for a profile, asking by an app.
pub(crate) fn of_profile(profile: &Profile, app: LateApp) -> Arc<dyn Biometrics> {
    let keyring = OsKeyring::new(&profile.folder);
    Arc::new(PromptedSensor::new(BiometricPrompt(app), keyring))
}

#[derive(Debug)]
struct BiometricPrompt(LateApp);

impl BiometricPrompt {
    fn cipher(
        &self,
        options: AuthOptions,
        words: &'static str,
    ) -> BoxFuture<'static, Result<String, SensorFault>> {
        let words = words.to_owned();
        let asked = blocking(&self.0, |app| {
            app.biometric().biometric_cipher(words, options)
        });
        async move { Ok(asked.await?.data) }.boxed()
    }
}

impl Prompt for BiometricPrompt {
    fn has_enrolled(&self) -> BoxFuture<'_, bool> {
        let asked = blocking(&self.0, |app| app.biometric().status());
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
        self.cipher(options, words)
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
        let asked = self.cipher(options, words);
        async move { asked.await.map(Secret::new) }.boxed()
    }
}

fn titled(words: &'static str) -> AuthOptions {
    AuthOptions {
        title: Some(words.to_owned()),
        confirmation_required: Some(false),
        ..AuthOptions::default()
    }
}

/// Waits for the person off the async threads.
fn blocking<T: Send + 'static>(
    app: &LateApp,
    work: impl FnOnce(&AppHandle) -> tauri_plugin_biometric::Result<T> + Send + 'static,
) -> impl Future<Output = Result<T, SensorFault>> + Send + 'static {
    let app = app.get();
    async move {
        let app = app.ok_or(SensorFault::Unavailable)?;
        let done = tokio::task::spawn_blocking(move || work(&app)).await;
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
}

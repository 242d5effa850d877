//! Android: a key of its key store, usable only while the person has just shown finger or face, encrypts the bundle's key.
//!
//! The shell asks the person ([`Prompt`]); what comes out lies in the keyring. Another enrolment makes the store's key useless.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::{FutureExt as _, future::BoxFuture};
use uc_auth::lock::{KeyCheck, KeyEncryptionKey};
use uc_core::ports::{Biometrics, Keyring, KeyringItem, SecretVec, Sensor, SensorFault};
use uc_model::Secret;

/// The system's question, whose answer uses a key that the system keeps.
pub trait Prompt: fmt::Debug + Send + Sync {
    /// Whether somebody is enrolled who could be asked.
    fn has_enrolled(&self) -> BoxFuture<'_, bool>;
    /// Encrypts text once the person is known.
    fn encrypt(
        &self,
        text: Secret<String>,
        words: &'static str,
    ) -> BoxFuture<'_, Result<String, SensorFault>>;
    /// Decrypts what [`Self::encrypt`] gave, once the person is known.
    fn decrypt(
        &self,
        sealed: String,
        words: &'static str,
    ) -> BoxFuture<'_, Result<Secret<String>, SensorFault>>;
}

/// The sensor of a phone. Its item in the keyring is a [`KeyCheck`] followed by what the prompt encrypted.
#[derive(Debug)]
pub struct PromptedSensor<P, K> {
    prompt: P,
    keyring: K,
}

impl<P: Prompt, K: Keyring> PromptedSensor<P, K> {
    /// Asks by this prompt, and keeps in this keyring.
    pub const fn new(prompt: P, keyring: K) -> Self {
        Self { prompt, keyring }
    }

    async fn item(&self) -> Option<SecretVec> {
        self.keyring.find(KeyringItem::Sensor).await.ok().flatten()
    }

    async fn seal(&self, key: &SecretVec, words: &'static str) -> Result<(), SensorFault> {
        let parsed = KeyEncryptionKey::parse(key.expose()).map_err(|_| SensorFault::Unavailable)?;
        let check = KeyCheck::of(&parsed);
        if let Some(item) = self.item().await
            && item.expose().starts_with(check.as_bytes())
        {
            return Ok(());
        }
        let text = Secret::new(STANDARD.encode(key.expose()));
        let sealed = self.prompt.encrypt(text, words).await?;
        let item = [check.as_bytes(), sealed.as_bytes()].concat();
        let kept = self.keyring.store(KeyringItem::Sensor, Secret::new(item));
        kept.await.map_err(|_| SensorFault::Unavailable)
    }

    async fn open(&self, words: &'static str) -> Result<SecretVec, SensorFault> {
        let item = self.item().await.ok_or(SensorFault::Gone)?;
        let sealed = item.expose().get(KeyCheck::BYTES..);
        let sealed = sealed.and_then(|sealed| String::from_utf8(sealed.to_vec()).ok());
        let sealed = sealed.ok_or(SensorFault::Gone)?;
        let text = self.prompt.decrypt(sealed, words).await?;
        let key = STANDARD.decode(text.expose());
        key.map(Secret::new).map_err(|_| SensorFault::Gone)
    }
}

impl<P: Prompt, K: Keyring> Biometrics for PromptedSensor<P, K> {
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>> {
        async { (self.prompt.has_enrolled().await).then_some(Sensor::Fingerprint) }.boxed()
    }

    fn holds_key(&self) -> BoxFuture<'_, bool> {
        async { self.item().await.is_some() }.boxed()
    }

    fn keep(&self, key: SecretVec, words: &'static str) -> BoxFuture<'_, Result<(), SensorFault>> {
        async move { self.seal(&key, words).await }.boxed()
    }

    fn release(&self, words: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>> {
        self.open(words).boxed()
    }

    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>> {
        async {
            let deleted = self.keyring.delete(KeyringItem::Sensor).await;
            deleted.map_err(|_| SensorFault::Unavailable)
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    };

    use uc_core::ports::KeyringError;

    use super::*;

    const KEY: [u8; 32] = [7; 32];

    /// A keyring of one item.
    #[derive(Debug, Default)]
    struct OneItem(Mutex<Option<Vec<u8>>>);

    impl Keyring for OneItem {
        fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
            async { Ok(()) }.boxed()
        }

        fn find(&self, _: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
            let kept = self.0.lock().expect("one thread").clone();
            async { Ok(kept.map(Secret::new)) }.boxed()
        }

        fn store(
            &self,
            _: KeyringItem,
            secret: SecretVec,
        ) -> BoxFuture<'_, Result<(), KeyringError>> {
            *self.0.lock().expect("one thread") = Some(secret.expose().clone());
            async { Ok(()) }.boxed()
        }

        fn delete(&self, _: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
            *self.0.lock().expect("one thread") = None;
            async { Ok(()) }.boxed()
        }
    }

    /// A person who agrees unless told otherwise, and a store whose key gives text back reversed.
    #[derive(Debug, Default)]
    struct Person {
        fault: Mutex<Option<SensorFault>>,
        asked: AtomicU32,
    }

    impl Person {
        fn answer(&self, text: &str) -> Result<String, SensorFault> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            match *self.fault.lock().expect("one thread") {
                Some(fault) => Err(fault),
                None => Ok(text.chars().rev().collect()),
            }
        }
    }

    impl Prompt for &'static Person {
        fn has_enrolled(&self) -> BoxFuture<'_, bool> {
            async { true }.boxed()
        }

        fn encrypt(
            &self,
            text: Secret<String>,
            _: &'static str,
        ) -> BoxFuture<'_, Result<String, SensorFault>> {
            async move { self.answer(text.expose()) }.boxed()
        }

        fn decrypt(
            &self,
            sealed: String,
            _: &'static str,
        ) -> BoxFuture<'_, Result<Secret<String>, SensorFault>> {
            async move { self.answer(&sealed).map(Secret::new) }.boxed()
        }
    }

    fn phone() -> (&'static Person, PromptedSensor<&'static Person, OneItem>) {
        let person: &'static Person = Box::leak(Box::default());
        let sensor = PromptedSensor::new(person, OneItem::default());
        (person, sensor)
    }

    #[tokio::test]
    async fn auth_09_a_phone_releases_the_key_that_it_wrapped_and_asks_once_for_each_key() {
        let (person, sensor) = phone();
        let key = || Secret::new(KEY.to_vec());
        assert!(!sensor.holds_key().await);
        sensor.keep(key(), "").await.expect("kept");
        sensor.keep(key(), "").await.expect("kept already");
        assert_eq!(person.asked.load(Ordering::Relaxed), 1);
        let released = sensor.release("").await.expect("released");
        assert_eq!(released.expose().as_slice(), KEY);
        let item = sensor.item().await.expect("an item");
        assert!(!item.expose().windows(4).any(|part| part == &KEY[..4]));
        sensor
            .keep(Secret::new(vec![8; 32]), "")
            .await
            .expect("a changed key");
        assert_eq!(person.asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn lk_06_a_phone_that_does_not_know_the_person_releases_nothing() {
        let (person, sensor) = phone();
        sensor
            .keep(Secret::new(KEY.to_vec()), "")
            .await
            .expect("kept");
        for fault in [
            SensorFault::Declined,
            SensorFault::NotRecognised,
            SensorFault::Gone,
        ] {
            *person.fault.lock().expect("one thread") = Some(fault);
            assert_eq!(sensor.release("").await.map(drop), Err(fault));
        }
        sensor.forget().await.expect("forgotten");
        *person.fault.lock().expect("one thread") = None;
        assert_eq!(sensor.release("").await.map(drop), Err(SensorFault::Gone));
    }
}

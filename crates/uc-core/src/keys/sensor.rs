//! The device's sensor holds the bundle's key a second time, beside the passcode.

use std::sync::atomic::Ordering;

use uc_auth::lock::{BundleHeader, KeyEncryptionKey};
use uc_model::Secret;

use super::{BUNDLES, Keys, KeysError, OpenKeys};
use crate::ports::{SecretVec, Sensor, SensorFault};

/// Refusals in a row after which the passcode is asked for.
const MOST_REFUSALS: u8 = 5;

impl Keys {
    /// What there is on this device.
    pub(crate) async fn sensor(&self) -> Option<Sensor> {
        self.biometrics.sensor().await
    }

    /// What unlocks beside the passcode now.
    pub(crate) async fn ready_sensor(&self) -> Option<Sensor> {
        if self.has_bundle() && self.biometrics.holds_key().await {
            self.biometrics.sensor().await
        } else {
            None
        }
    }

    /// Hands the key that the passcode opened to the sensor.
    pub(crate) async fn keep_in_sensor(
        &self,
        keys: &OpenKeys,
        words: &'static str,
    ) -> Result<(), SensorFault> {
        let key = Secret::new(keys.kek.expose().to_vec());
        self.biometrics.keep(key, words).await
    }

    /// Asks the sensor to show that it works.
    pub(crate) async fn try_sensor(&self, words: &'static str) -> Result<(), SensorFault> {
        self.biometrics.release(words).await.map(drop)
    }

    /// The passcode alone unlocks from now on.
    pub(crate) async fn forget_in_sensor(&self) {
        self.refusals.store(0, Ordering::Release);
        if let Err(error) = self.biometrics.forget().await {
            // What stays opens nothing once the bundle has another key.
            tracing::warn!(%error, "the sensor keeps its key");
        }
    }

    /// Asks the person by the sensor.
    pub(crate) async fn ask_sensor(&self, words: &'static str) -> Result<SecretVec, SensorFault> {
        match self.biometrics.release(words).await {
            Ok(key) => {
                self.refusals.store(0, Ordering::Release);
                Ok(key)
            }
            Err(fault) => Err(self.refused(fault).await),
        }
    }

    /// Opens the bundle with a key that the sensor released. One that opens nothing is forgotten.
    pub(crate) async fn unlock_by_key(&self, key: &SecretVec) -> Result<OpenKeys, KeysError> {
        if let Ok(kek) = KeyEncryptionKey::parse(key.expose())
            && let Some(keys) = self.open_with(&kek).await?
        {
            return Ok(keys);
        }
        self.forget_in_sensor().await;
        Err(SensorFault::Gone.into())
    }

    async fn open_with(&self, kek: &KeyEncryptionKey) -> Result<Option<OpenKeys>, KeysError> {
        for file in BUNDLES {
            let Some(bytes) = self.files.find(file)? else {
                continue;
            };
            let Ok(header) = BundleHeader::parse(&bytes) else {
                continue;
            };
            if let Some(keys) = self.open_file(file, &bytes, header, kek).await? {
                return Ok(Some(keys));
            }
        }
        Ok(None)
    }

    /// After too many refusals in a row the passcode is needed.
    async fn refused(&self, fault: SensorFault) -> SensorFault {
        let refusals = match fault {
            SensorFault::NotRecognised => self.refusals.fetch_add(1, Ordering::AcqRel) + 1,
            SensorFault::Declined | SensorFault::Gone | SensorFault::Unavailable => 0,
        };
        if fault != SensorFault::Gone && refusals < MOST_REFUSALS {
            return fault;
        }
        self.forget_in_sensor().await;
        SensorFault::Gone
    }
}

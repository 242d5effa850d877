//! A sensor in memory, with a person who agrees or does not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{Biometrics, SecretVec, Sensor, SensorFault};
use uc_model::Secret;

#[derive(Debug, Default)]
struct State {
    sensor: Option<Sensor>,
    key: Option<Vec<u8>>,
    fault: Option<SensorFault>,
    asked: u32,
}

/// A sensor in memory; none until it is fitted. Clones are the same sensor.
#[derive(Debug, Clone, Default)]
pub struct MemorySensor(Arc<Mutex<State>>);

impl MemorySensor {
    /// Fits a sensor, or takes it out.
    pub fn fit(&self, sensor: Option<Sensor>) {
        self.state().sensor = sensor;
    }

    /// Answers every question with a fault, or with none again.
    pub fn set_fault(&self, fault: Option<SensorFault>) {
        self.state().fault = fault;
    }

    /// How often the person was asked.
    #[must_use]
    pub fn asked(&self) -> u32 {
        self.state().asked
    }

    /// The key that is held.
    #[must_use]
    pub fn key(&self) -> Option<Vec<u8>> {
        self.state().key.clone()
    }

    /// Puts a key there, as another program could, or takes it away, as some systems do when a process ends.
    pub fn plant(&self, key: Option<Vec<u8>>) {
        self.state().key = key;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self) -> Result<SecretVec, SensorFault> {
        let mut state = self.state();
        state.asked += 1;
        match state.fault {
            Some(fault) => Err(fault),
            None => state.key.clone().map(Secret::new).ok_or(SensorFault::Gone),
        }
    }
}

impl Biometrics for MemorySensor {
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>> {
        async { self.state().sensor }.boxed()
    }

    fn holds_key(&self) -> BoxFuture<'_, bool> {
        async { self.state().key.is_some() }.boxed()
    }

    fn keep(&self, key: SecretVec, _: &'static str) -> BoxFuture<'_, Result<(), SensorFault>> {
        async move {
            self.state().key = Some(key.expose().clone());
            Ok(())
        }
        .boxed()
    }

    fn release(&self, _words: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>> {
        async { self.answer() }.boxed()
    }

    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>> {
        async {
            self.state().key = None;
            Ok(())
        }
        .boxed()
    }
}

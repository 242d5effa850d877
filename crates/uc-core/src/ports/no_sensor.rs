//! Where there is no sensor.

use futures_util::{FutureExt as _, future::BoxFuture};

use super::{Biometrics, SecretVec, Sensor, SensorFault};

/// Holds nothing and asks nobody: the passcode alone unlocks.
#[derive(Debug, Clone, Copy)]
pub struct NoSensor;

impl Biometrics for NoSensor {
    fn sensor(&self) -> BoxFuture<'_, Option<Sensor>> {
        async { None }.boxed()
    }

    fn holds_key(&self) -> BoxFuture<'_, bool> {
        async { false }.boxed()
    }

    fn keep(&self, _key: SecretVec) -> BoxFuture<'_, Result<(), SensorFault>> {
        async { Err(SensorFault::Unavailable) }.boxed()
    }

    fn release(&self, _words: &'static str) -> BoxFuture<'_, Result<SecretVec, SensorFault>> {
        async { Err(SensorFault::Unavailable) }.boxed()
    }

    fn forget(&self) -> BoxFuture<'_, Result<(), SensorFault>> {
        async { Ok(()) }.boxed()
    }
}

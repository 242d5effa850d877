//! The app's sensor on Linux before polkit as python-dbusmock plays it.

use std::sync::Arc;

use serde_json::{Value, json};
use uc_core::ports::{Biometrics, SecretVec, Sensor, SensorFault};
use uc_model::Secret;
use uc_platform::Polkit;

use crate::{
    judges::{Judges, Program},
    line_program::LineProgram,
};

const KEY: [u8; 32] = [7; 32];

/// A desktop that would ask, and says yes.
fn agreeing() -> Value {
    json!({ "quiet": { "challenge": true }, "asking": { "authorized": true } })
}

struct Desk {
    polkit: LineProgram,
    sensor: Arc<dyn Biometrics>,
}

impl Desk {
    /// With a key that the passcode opened.
    async fn start() -> Self {
        let judges = Judges::ensure_installed().expect("judges");
        let command = judges.command(Program::Dbusmock, "polkit");
        let mut polkit = LineProgram::start(command).expect("a desktop");
        let bus: String = polkit.next().await.expect("a bus");
        let sensor = Arc::new(Polkit::on(Some(bus)));
        let mut desk = Self { polkit, sensor };
        desk.says(agreeing()).await;
        desk.sensor
            .keep(Secret::new(KEY.to_vec()), "")
            .await
            .expect("kept");
        desk
    }

    async fn says(&mut self, answers: Value) {
        self.polkit.ask("answer", answers).await.expect("told");
    }

    async fn end(self) {
        self.polkit.end().await.expect("ended");
    }

    async fn release(&self) -> Result<SecretVec, SensorFault> {
        self.sensor.release("").await
    }

    async fn refusal(&mut self, asking: Value) -> Option<SensorFault> {
        self.says(json!({ "quiet": { "challenge": true }, "asking": asking }))
            .await;
        self.release().await.err()
    }
}

#[tokio::test]
async fn auth_09_polkits_yes_releases_the_key() {
    let desk = Desk::start().await;
    assert_eq!(desk.sensor.sensor().await, Some(Sensor::System));
    assert_eq!(desk.release().await.expect("released").expose(), &KEY);
    desk.sensor.forget().await.expect("forgotten");
    assert_eq!(desk.release().await.err(), Some(SensorFault::Gone));
    desk.end().await;
}

#[tokio::test]
async fn auth_09_a_closed_question_and_a_wrong_finger_release_nothing() {
    let mut desk = Desk::start().await;
    let closed = json!({ "dismissed": true });
    assert_eq!(desk.refusal(closed).await, Some(SensorFault::Declined));
    let no = desk.refusal(json!({})).await;
    assert_eq!(no, Some(SensorFault::NotRecognised));
    let nobody_to_ask = desk.refusal(json!({ "challenge": true })).await;
    assert_eq!(nobody_to_ask, Some(SensorFault::NotRecognised));
    desk.says(agreeing()).await;
    assert!(desk.release().await.is_ok());
    desk.end().await;
}

#[tokio::test]
async fn lk_06_a_system_that_agrees_without_asking_is_no_sensor() {
    let mut desk = Desk::start().await;
    for quiet in [json!({ "authorized": true }), json!({})] {
        desk.says(json!({ "quiet": quiet, "asking": { "authorized": true } }))
            .await;
        assert_eq!(desk.sensor.sensor().await, None);
    }
    desk.end().await;
}

#[tokio::test]
async fn lk_07_a_polkit_that_is_gone_leads_to_the_passcode() {
    let desk = Desk::start().await;
    desk.polkit.end().await.expect("ended");
    assert_eq!(desk.sensor.sensor().await, None);
    assert_eq!(
        desk.sensor.release("").await.err(),
        Some(SensorFault::Unavailable)
    );
}

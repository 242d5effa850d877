use uc_core::ports::{Sensor, SensorFault};
use uc_ipc::{
    ChangePasscode, Commands as _, IpcError, Lock, OpenSession, OpenSettings, PasscodeEntry, Phase,
    SensorUnlock, Session, SignOut, Unlock, Unsent, UpdateSensorUnlock,
};
use uc_testkit::{PASSCODE, TestApp};

/// Somebody who has turned it on, locked out.
async fn locked() -> TestApp {
    let app = TestApp::start().await;
    app.sensor.fit(Some(Sensor::TouchId));
    app.enter().await;
    turn(&app, true).await.expect("turned on");
    lock(&app).await;
    app
}

async fn lock(app: &TestApp) {
    app.core().lock(Lock {}).await.expect("locked");
}

async fn turn(app: &TestApp, enabled: bool) -> Result<Option<SensorUnlock>, IpcError> {
    let update = UpdateSensorUnlock { enabled };
    let settings = app.core().update_sensor_unlock(update).await?;
    Ok(settings.sensor_unlock)
}

async fn by_sensor(app: &TestApp) -> Result<Session, IpcError> {
    app.core().unlock(Unlock::Sensor).await
}

/// What unlocks beside the passcode.
async fn ready(app: &TestApp) -> Option<Sensor> {
    let session = app.core().open_session(OpenSession {}).await;
    let phase = session.expect("a session").phase;
    let Phase::Locked { sensor, .. } = phase else {
        panic!("{phase:?}");
    };
    sensor
}

fn failed(fault: SensorFault) -> IpcError {
    IpcError::SensorFailed { fault }
}

async fn is_locked(app: &TestApp) -> bool {
    app.core().open_settings(OpenSettings {}).await == Err(IpcError::Locked)
}

#[tokio::test]
async fn auth_09_a_released_key_opens_the_vault() {
    let app = locked().await;
    assert_eq!(ready(&app).await, Some(Sensor::TouchId));
    let session = by_sensor(&app).await.expect("open");
    assert!(matches!(session.phase, Phase::Open { .. }));
    let on = SensorUnlock {
        sensor: Sensor::TouchId,
        enabled: true,
    };
    let settings = app.core().open_settings(OpenSettings {}).await;
    assert_eq!(settings.expect("settings").sensor_unlock, Some(on));
}

#[tokio::test]
async fn auth_09_nothing_is_held_until_the_person_turns_it_on() {
    let app = TestApp::start().await;
    app.sensor.fit(Some(Sensor::TouchId));
    app.enter().await;
    lock(&app).await;
    assert_eq!(ready(&app).await, None);
    assert_eq!(app.sensor.key(), None);
    assert_eq!(by_sensor(&app).await.err(), Some(failed(SensorFault::Gone)));
    assert!(is_locked(&app).await);
}

#[tokio::test]
async fn auth_09_turned_off_it_holds_nothing() {
    let app = locked().await;
    by_sensor(&app).await.expect("open");
    let off = turn(&app, false)
        .await
        .expect("turned off")
        .expect("a sensor");
    assert!(!off.enabled);
    assert_eq!(app.sensor.key(), None);
    lock(&app).await;
    app.unlock(PASSCODE).await.expect("open");
    assert_eq!(app.sensor.key(), None);
}

#[tokio::test]
async fn auth_09_a_sensor_that_turns_the_person_away_is_not_turned_on() {
    let app = TestApp::start().await;
    app.sensor.fit(Some(Sensor::WindowsHello));
    app.enter().await;
    app.sensor.set_fault(Some(SensorFault::Declined));
    assert_eq!(
        turn(&app, true).await.err(),
        Some(failed(SensorFault::Declined))
    );
    assert_eq!(app.sensor.key(), None);
    app.sensor.set_fault(None);
    lock(&app).await;
    app.unlock(PASSCODE).await.expect("open");
    assert_eq!(app.sensor.key(), None);
}

#[tokio::test]
async fn auth_09_a_sensor_that_forgets_with_the_process_gets_the_key_at_the_next_passcode() {
    let mut app = locked().await;
    app.restart().await;
    app.sensor.plant(None);
    assert_eq!(ready(&app).await, None);
    app.unlock(PASSCODE).await.expect("open");
    lock(&app).await;
    assert_eq!(ready(&app).await, Some(Sensor::TouchId));
    by_sensor(&app).await.expect("open");
}

#[tokio::test]
async fn lk_06_a_yes_without_the_key_opens_nothing() {
    let app = locked().await;
    for forged in [vec![7; 32], vec![], vec![0; 4096]] {
        app.sensor.plant(Some(forged));
        assert_eq!(by_sensor(&app).await.err(), Some(failed(SensorFault::Gone)));
        assert!(is_locked(&app).await);
        assert_eq!(app.sensor.key(), None, "what opens nothing is forgotten");
    }
    app.unlock(PASSCODE).await.expect("open");
}

#[tokio::test]
async fn lk_07_changed_fingers_and_five_refusals_lead_to_the_passcode() {
    let app = locked().await;
    app.sensor.set_fault(Some(SensorFault::NotRecognised));
    for _ in 0..4 {
        let refused = by_sensor(&app).await.err();
        assert_eq!(refused, Some(failed(SensorFault::NotRecognised)));
    }
    assert_eq!(by_sensor(&app).await.err(), Some(failed(SensorFault::Gone)));
    assert_eq!(ready(&app).await, None);
    app.sensor.set_fault(None);
    app.unlock(PASSCODE).await.expect("open");
    lock(&app).await;
    assert_eq!(ready(&app).await, Some(Sensor::TouchId), "held again");
    app.sensor.set_fault(Some(SensorFault::Gone));
    assert_eq!(by_sensor(&app).await.err(), Some(failed(SensorFault::Gone)));
    assert_eq!(app.sensor.key(), None);
}

#[tokio::test]
async fn lk_07_turning_it_away_costs_nothing() {
    let app = locked().await;
    app.sensor.set_fault(Some(SensorFault::Declined));
    for _ in 0..10 {
        assert_eq!(
            by_sensor(&app).await.err(),
            Some(failed(SensorFault::Declined))
        );
    }
    app.sensor.set_fault(None);
    by_sensor(&app).await.expect("open");
}

#[tokio::test]
async fn lk_03_the_sensor_neither_shortens_a_pause_nor_forgets_wrong_passcodes() {
    let app = locked().await;
    for _ in 0..4 {
        app.unlock("730284").await.expect_err("wrong");
    }
    let early = by_sensor(&app).await.err();
    assert!(
        matches!(early, Some(IpcError::TooManyAttempts { .. })),
        "{early:?}"
    );
    assert_eq!(app.sensor.asked(), 1, "only when it was turned on");
    app.clock.advance(std::time::Duration::from_mins(1));
    by_sensor(&app).await.expect("open");
    lock(&app).await;
    match app.unlock("730284").await {
        Err(IpcError::WrongPasscode { attempts_left, .. }) => assert_eq!(attempts_left, 5),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn lk_08_a_new_passcode_gives_the_sensor_a_new_key() {
    let app = locked().await;
    by_sensor(&app).await.expect("open");
    let old = app.sensor.key();
    let change = ChangePasscode {
        current: PasscodeEntry::new(PASSCODE.to_owned()),
        new: PasscodeEntry::new("582917".to_owned()),
    };
    app.core().change_passcode(change).await.expect("changed");
    assert_ne!(app.sensor.key(), old);
    lock(&app).await;
    by_sensor(&app).await.expect("open");
}

#[tokio::test]
async fn auth_09_signing_out_empties_the_sensor() {
    let app = locked().await;
    let unsent = Unsent::Discard;
    app.core().sign_out(SignOut { unsent }).await.expect("out");
    assert_eq!(app.sensor.key(), None);
}

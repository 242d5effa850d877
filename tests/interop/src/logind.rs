//! What the app hears of logind as python-dbusmock plays it.

use futures_util::{StreamExt as _, stream::BoxStream};
use serde_json::{Value, json};
use uc_core::ports::{Departure, Departures as _};
use uc_platform::Logind;

use crate::{
    judges::{Judges, Program},
    line_program::LineProgram,
};

struct Desk {
    logind: LineProgram,
    departures: BoxStream<'static, Departure>,
}

impl Desk {
    /// With an app that listens.
    async fn start() -> Self {
        let judges = Judges::ensure_installed().expect("judges");
        let command = judges.command(Program::Dbusmock, "logind");
        let mut logind = LineProgram::start(command).expect("a desktop");
        let bus: String = logind.next().await.expect("a bus");
        let departures = Logind::on(Some(bus)).watch();
        Self { logind, departures }
    }

    async fn tell(&mut self, command: &str, given: Value) -> Value {
        self.logind.ask(command, given).await.expect("told")
    }

    /// What the app hears of one event; it listens from the first poll on, so that comes first.
    async fn hear(&mut self, command: &str, given: Value) -> Departure {
        let listening = futures_util::poll!(self.departures.next());
        assert!(listening.is_pending(), "nothing has happened yet");
        self.until_sleep_is_put_off().await;
        self.tell(command, given).await;
        self.departures.next().await.expect("a departure")
    }

    async fn until_sleep_is_put_off(&mut self) {
        while self.put_off().await.is_empty() {
            let listening = futures_util::poll!(self.departures.next());
            assert!(listening.is_pending(), "nothing has happened yet");
            tokio::task::yield_now().await;
        }
    }

    async fn put_off(&mut self) -> Vec<Value> {
        let inhibitors = self.tell("inhibitors", json!({})).await;
        inhibitors.as_array().cloned().unwrap_or_default()
    }

    async fn end(self) {
        self.logind.end().await.expect("ended");
    }
}

#[tokio::test]
async fn lk_04_sleep_waits_for_the_app_and_for_the_next_one_again() {
    let mut desk = Desk::start().await;
    for _ in 0..2 {
        let departure = desk
            .hear("prepare_for_sleep", json!({ "start": true }))
            .await;
        assert_eq!(desk.put_off().await, [json!(["sleep", "delay"])]);
        drop(departure);
        while !desk.put_off().await.is_empty() {
            tokio::task::yield_now().await;
        }
        desk.tell("prepare_for_sleep", json!({ "start": false }))
            .await;
    }
    desk.end().await;
}

#[tokio::test]
async fn lk_04_a_locked_screen_and_an_order_to_lock_are_heard() {
    let mut desk = Desk::start().await;
    drop(
        desk.hear("set_locked_hint", json!({ "locked": true }))
            .await,
    );
    desk.tell("set_locked_hint", json!({ "locked": false }))
        .await;
    drop(desk.hear("lock", json!({})).await);
    desk.end().await;
}

#[tokio::test]
async fn lk_04_where_there_is_no_logind_nothing_is_heard() {
    let nowhere = "unix:path=/nonexistent/bus".to_owned();
    assert!(Logind::on(Some(nowhere)).watch().next().await.is_none());
}

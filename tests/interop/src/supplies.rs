//! What the app hears of network and battery as python-dbusmock plays them.

use serde_json::json;
use uc_core::ports::{Scarcity, Supplies as _};
use uc_platform::LinuxSupplies;

use crate::{
    judges::{Judges, Program},
    line_program::LineProgram,
};

#[tokio::test]
async fn what_network_manager_and_upower_say_is_heard() {
    let judges = Judges::ensure_installed().expect("judges");
    let command = judges.command(Program::Dbusmock, "supplies");
    let mut desktop = LineProgram::start(command).expect("a desktop");
    let bus: String = desktop.next().await.expect("a bus");
    let supplies = LinuxSupplies::on(Some(bus));
    // `NMMetered` and `UpDeviceLevel`, as their references number them.
    for (metered, warning, expected) in [
        (0, 0, (false, false)),
        (1, 1, (true, false)),
        (2, 2, (false, false)),
        (3, 3, (true, true)),
        (4, 4, (false, true)),
    ] {
        let told = json!({ "metered": metered, "warning": warning });
        desktop.ask("supply", told).await.expect("told");
        let (metered, low_battery) = expected;
        let scarcity = Scarcity {
            metered,
            low_battery,
        };
        assert_eq!(supplies.look().await, scarcity);
    }
    desktop.end().await.expect("ended");
}

#[tokio::test]
async fn where_nobody_tells_nothing_is_scarce() {
    let nowhere = "unix:path=/nonexistent/bus".to_owned();
    let supplies = LinuxSupplies::on(Some(nowhere));
    assert_eq!(supplies.look().await, Scarcity::default());
}

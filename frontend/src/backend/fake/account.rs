//! The sample citizen's sessions and sign-ins.

use jiff::SignedDuration;
use uc_ipc::{
    AccountSession, AccountSessions, DeviceSystem, DeviceView, SessionKind, SignInEntry,
    SignInEvent, SignIns,
};
use uc_model::SessionId;

use crate::backend::clock;

/// This device, a phone, a site and a browser.
pub(super) fn sessions() -> AccountSessions {
    let site = SessionKind::Site {
        name: "Электронная библиотека".to_owned(),
    };
    let sessions = [
        (
            SessionKind::App,
            Some(("Firefox, Linux", DeviceSystem::Computer)),
            0,
        ),
        (
            SessionKind::App,
            Some(("Chrome, Android", DeviceSystem::Phone)),
            5,
        ),
        (site, None, 30),
        (
            SessionKind::Browser,
            Some(("Safari, macOS", DeviceSystem::Computer)),
            200,
        ),
    ];
    let session = |(place, (kind, device, hours)): (u8, (SessionKind, Option<(&str, _)>, i64))| {
        let last_used_at = clock::now() - SignedDuration::from_hours(hours);
        AccountSession {
            id: format!("01890a5d-ac96-774b-bcce-b302099a80{place:02}")
                .parse::<SessionId>()
                .expect("a sample id"),
            kind,
            is_current: place == 0,
            device: device.map(view),
            signed_in_at: last_used_at - SignedDuration::from_hours(50),
            last_used_at,
        }
    };
    AccountSessions {
        sessions: (0..).zip(sessions).map(session).collect(),
    }
}

/// A sign-in, a stranger's tries and a new phone.
pub(super) fn sign_ins() -> SignIns {
    let firefox = ("Firefox, Linux", DeviceSystem::Computer);
    let chrome = ("Chrome, Android", DeviceSystem::Phone);
    let events = [
        (1, SignInEvent::AccessAllowed, Some(firefox)),
        (1, SignInEvent::SignedIn, Some(firefox)),
        (9, SignInEvent::PasswordRefused, None),
        (70, SignInEvent::NewDevice, Some(chrome)),
    ];
    let entry = |(hours, event, device): (i64, SignInEvent, Option<(&str, _)>)| SignInEntry {
        at: clock::now() - SignedDuration::from_hours(hours),
        event,
        succeeded: event != SignInEvent::PasswordRefused,
        address: Some("203.0.113.0/24".to_owned()),
        device: device.map(view),
        site: None,
    };
    SignIns {
        entries: events.into_iter().map(entry).collect(),
    }
}

fn view((name, system): (&str, DeviceSystem)) -> DeviceView {
    DeviceView {
        name: name.to_owned(),
        system,
    }
}

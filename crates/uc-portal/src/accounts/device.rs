//! Browsers that persons sign in in.

use std::{fmt, str::FromStr};

use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use uc_portal_api::DeviceSystem;
use uuid::Uuid;

use crate::entropy::TokenHash;

/// A browser of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(pub Uuid);

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for DeviceId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}

/// What a person calls a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceName(Box<str>);

/// The longest name, in characters.
const MAX_NAME_CHARS: usize = 60;

impl DeviceName {
    /// What a person typed: without control characters, shortened; `None` when nothing is left.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let plain: String = text
            .trim()
            .chars()
            .filter(|char| !char.is_control())
            .take(MAX_NAME_CHARS)
            .collect();
        (!plain.is_empty()).then(|| Self(plain.into()))
    }

    /// What a browser says of itself, in two words that all languages have: its make and its system.
    #[must_use]
    pub fn of_browser(headers: &HeaderMap) -> Self {
        let agent = agent(headers);
        // The first that fits: most browsers call themselves Safari too.
        let browsers = [
            ("YaBrowser/", "Yandex Browser"),
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ];
        let browser = browsers.iter().find(|(mark, _)| agent.contains(mark));
        let browser = browser.map_or("Browser", |(_, name)| name);
        Self(match system(agent) {
            Some((system, _)) => format!("{browser}, {system}").into(),
            None => browser.into(),
        })
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a browser says that it runs on.
#[must_use]
pub fn system_of_browser(headers: &HeaderMap) -> DeviceSystem {
    system(agent(headers)).map_or(DeviceSystem::Unknown, |(_, system)| system)
}

fn agent(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default()
}

/// The first that fits: Android calls itself Linux too, and iPhones say that they are like macOS.
fn system(agent: &str) -> Option<(&'static str, DeviceSystem)> {
    let systems = [
        ("Windows", "Windows", DeviceSystem::Windows),
        ("Android", "Android", DeviceSystem::Android),
        ("iPhone", "iPhone", DeviceSystem::Ios),
        ("iPad", "iPad", DeviceSystem::Ios),
        ("Mac OS X", "macOS", DeviceSystem::Macos),
        ("Linux", "Linux", DeviceSystem::Linux),
    ];
    let found = systems.iter().find(|(mark, ..)| agent.contains(mark));
    found.map(|(_, name, system)| (*name, *system))
}

/// A browser as its person may be told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedDevice {
    /// Its name.
    pub name: DeviceName,
    /// What it runs on.
    pub system: DeviceSystem,
}

/// What is known of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// Whether the person said that it is theirs.
    pub known: bool,
}

/// A browser that a person signs in in.
#[derive(Debug, Clone)]
pub struct SeenDevice {
    /// Its id, unless it has one.
    pub id: DeviceId,
    /// Of the secret in its cookie.
    pub token: TokenHash,
    /// Its name, unless it has one.
    pub name: DeviceName,
    /// What it runs on.
    pub system: DeviceSystem,
    /// Whether the person says that it is theirs.
    pub known: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_10_a_browser_is_named_by_its_make_and_system() {
        for (agent, name, system) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox, Linux",
                DeviceSystem::Linux,
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 YaBrowser/25.1 Safari/537.36",
                "Yandex Browser, Windows",
                DeviceSystem::Windows,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
                "Safari, iPhone",
                DeviceSystem::Ios,
            ),
            ("curl/8", "Browser", DeviceSystem::Unknown),
        ] {
            let headers = [(header::USER_AGENT, agent.parse().unwrap())];
            let headers = headers.into_iter().collect();
            assert_eq!(DeviceName::of_browser(&headers).as_str(), name);
            assert_eq!(system_of_browser(&headers), system);
        }
    }

    #[test]
    fn auth_10_a_typed_name_keeps_to_a_line() {
        let name = |text| DeviceName::typed(text).map(|name| name.as_str().to_owned());
        assert_eq!(
            name("  Домашний\r\n компьютер "),
            Some("Домашний компьютер".into())
        );
        assert_eq!(name(" \u{1b} "), None);
        assert_eq!(name(&"я".repeat(100)), Some("я".repeat(60)));
    }
}

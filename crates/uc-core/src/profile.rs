//! What the portal knows of the person: kept in the vault as the feed brought it.

use jiff::Timestamp;
use uc_ipc::{IpcError, OpenPortalPage, OpenProfile, PortalPage, Profile, SignInFault};
use uc_model::{InnPerson, PassportNumber, Phone, Snils};
use uc_portal_api::PersonProfile;

use crate::{Core, acting};

pub(crate) async fn open(core: &Core, _: OpenProfile) -> Result<Profile, IpcError> {
    let known = core
        .look(|view| {
            let known = view.find_profile()?;
            Ok(known.map(|json| serde_json::from_str(&json)).transpose()?)
        })
        .await?;
    Ok(known.map_or_else(Profile::default, |known| shown(known, core.now())))
}

fn shown(known: PersonProfile, now: Timestamp) -> Profile {
    let acts_for = acting::of_profile(&known, now);
    let names = [
        Some(known.last_name),
        Some(known.first_name),
        known.middle_name,
    ];
    let names: Vec<String> = names.into_iter().flatten().collect();
    Profile {
        acts_for,
        level: Some(known.level),
        name: names.join(" "),
        birth_date: Some(known.birth_date),
        phone: known.phone.as_ref().map(Phone::as_str).map(str::to_owned),
        email: known.email,
        address: known.address,
        snils: known.snils.as_ref().map(Snils::as_str).map(str::to_owned),
        inn: known.inn.as_ref().map(InnPerson::as_str).map(str::to_owned),
        passport: known
            .passport_number
            .as_ref()
            .map(PassportNumber::as_str)
            .map(str::to_owned),
    }
}

/// The address holds nothing of the person: the browser has a sign-in of its own.
pub(crate) async fn open_page(core: &Core, request: OpenPortalPage) -> Result<(), IpcError> {
    let path = match request.page {
        PortalPage::Documents => "/sign-in?to=documents",
        PortalPage::Protection => "/sign-in?to=protection",
    };
    let address = core.config.portal.address.join(path);
    let address = address.map_err(|error| core.internal(&error))?;
    let opened = core.ports.browser.open(&address).await;
    opened.map_err(|_| IpcError::SignInFailed {
        fault: SignInFault::NoBrowser,
    })
}

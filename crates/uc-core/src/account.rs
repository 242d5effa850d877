//! Where the person is signed in, and what happened to their account: asked of the portal each time.

use uc_ipc::{
    AccountSession, AccountSessions, DeviceSystem, DeviceView, EndAccountSession, EndOtherSessions,
    IpcError, OpenAccountSessions, OpenSignIns, RenameDevice, SessionKind, SignInEntry,
    SignInEvent, SignIns, View,
};
use uc_portal_api::{self as api, Endpoint};

use crate::{
    Core,
    portal::{Answer, Call, PortalError},
    portal_fault::portal_fault,
};

pub(crate) async fn open_sessions(
    core: &Core,
    _: OpenAccountSessions,
) -> Result<AccountSessions, IpcError> {
    let found = ask(core, Call::<api::FetchSessions>::new((), ())).await?;
    Ok(sessions(found))
}

pub(crate) async fn end_session(
    core: &Core,
    request: EndAccountSession,
) -> Result<AccountSessions, IpcError> {
    let call = Call::<api::EndSession>::new((), ()).of(request.session);
    let left = ask(core, call).await?;
    core.changed(View::Account);
    Ok(sessions(left))
}

pub(crate) async fn rename_device(
    core: &Core,
    request: RenameDevice,
) -> Result<AccountSessions, IpcError> {
    let name = api::NewDeviceName { name: request.name };
    let call = Call::<api::RenameDevice>::new((), name).of(request.session);
    let named = ask(core, call).await?;
    core.changed(View::Account);
    Ok(sessions(named))
}

pub(crate) async fn end_others(
    core: &Core,
    _: EndOtherSessions,
) -> Result<AccountSessions, IpcError> {
    let left = ask(core, Call::<api::EndOtherSessions>::new((), ())).await?;
    core.changed(View::Account);
    Ok(sessions(left))
}

pub(crate) async fn open_sign_ins(core: &Core, _: OpenSignIns) -> Result<SignIns, IpcError> {
    let newest = api::FetchSignIns::default();
    let found = ask(core, Call::<api::FetchSignIns>::new(newest, ())).await?;
    Ok(SignIns {
        entries: found.entries.into_iter().map(entry).collect(),
    })
}

async fn ask<E: Endpoint>(core: &Core, call: Call<E>) -> Result<E::Response, IpcError> {
    match core.call(call).await {
        Ok(Answer::New(answer, _)) => Ok(answer),
        // Nothing was said to be known.
        Ok(Answer::Known) => Err(core.internal(&PortalError::Malformed)),
        Err(error) => Err(portal_fault(core, &error)),
    }
}

fn sessions(found: api::Sessions) -> AccountSessions {
    AccountSessions {
        sessions: found.sessions.into_iter().map(session).collect(),
    }
}

fn session(found: api::Session) -> AccountSession {
    AccountSession {
        id: found.id,
        kind: match found.kind {
            api::SessionKind::App => SessionKind::App,
            api::SessionKind::Site { name } => SessionKind::Site { name },
            api::SessionKind::Browser => SessionKind::Browser,
            api::SessionKind::Unknown => SessionKind::Unknown,
        },
        is_current: found.is_current,
        device: found.device.map(device),
        signed_in_at: found.signed_in_at,
        last_used_at: found.last_used_at,
    }
}

fn device(found: api::DeviceInfo) -> DeviceView {
    DeviceView {
        name: found.name,
        system: match found.system {
            api::DeviceSystem::Windows | api::DeviceSystem::Macos | api::DeviceSystem::Linux => {
                DeviceSystem::Computer
            }
            api::DeviceSystem::Android | api::DeviceSystem::Ios => DeviceSystem::Phone,
            api::DeviceSystem::Unknown => DeviceSystem::Unknown,
        },
    }
}

fn entry(found: api::SignInEntry) -> SignInEntry {
    SignInEntry {
        at: found.at,
        event: event(found.event),
        succeeded: found.succeeded,
        address: found.address,
        device: found.device.map(device),
        site: found.site,
    }
}

const fn event(found: api::SignInEvent) -> SignInEvent {
    match found {
        api::SignInEvent::Registered => SignInEvent::Registered,
        api::SignInEvent::PasswordRecovered => SignInEvent::PasswordRecovered,
        api::SignInEvent::SignedIn => SignInEvent::SignedIn,
        api::SignInEvent::SignedOut => SignInEvent::SignedOut,
        api::SignInEvent::NewDevice => SignInEvent::NewDevice,
        api::SignInEvent::PasswordRefused => SignInEvent::PasswordRefused,
        api::SignInEvent::FactorShown => SignInEvent::FactorShown,
        api::SignInEvent::FactorRefused => SignInEvent::FactorRefused,
        api::SignInEvent::FactorAdded => SignInEvent::FactorAdded,
        api::SignInEvent::FactorRemoved => SignInEvent::FactorRemoved,
        api::SignInEvent::ProviderNamed => SignInEvent::ProviderNamed,
        api::SignInEvent::ProviderRefused => SignInEvent::ProviderRefused,
        api::SignInEvent::IdentityLinked => SignInEvent::IdentityLinked,
        api::SignInEvent::IdentityUnlinked => SignInEvent::IdentityUnlinked,
        api::SignInEvent::EmailReplaced => SignInEvent::EmailReplaced,
        api::SignInEvent::PapersGiven => SignInEvent::PapersGiven,
        api::SignInEvent::DocumentsSent => SignInEvent::DocumentsSent,
        api::SignInEvent::DocumentsOpened => SignInEvent::DocumentsOpened,
        api::SignInEvent::DocumentsConfirmed => SignInEvent::DocumentsConfirmed,
        api::SignInEvent::DocumentsReturned => SignInEvent::DocumentsReturned,
        api::SignInEvent::TurnedAway => SignInEvent::TurnedAway,
        api::SignInEvent::Locked => SignInEvent::Locked,
        api::SignInEvent::AccessAllowed => SignInEvent::AccessAllowed,
        api::SignInEvent::AccessGivenBack => SignInEvent::AccessGivenBack,
        api::SignInEvent::AccessEnded => SignInEvent::AccessEnded,
        api::SignInEvent::AccessCopied => SignInEvent::AccessCopied,
        api::SignInEvent::RoleGiven => SignInEvent::RoleGiven,
        api::SignInEvent::RoleTaken => SignInEvent::RoleTaken,
        api::SignInEvent::BrowserEnded => SignInEvent::BrowserEnded,
        api::SignInEvent::Unknown => SignInEvent::Unknown,
    }
}

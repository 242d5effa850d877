//! What is true for every screen: offline, session-only, syncing, sign-in needed, demo.

use uc_ipc::{
    Connectivity, KeepAwake, KeyringStatus, PauseSync, Phase, Session, SignIn, SyncNow,
    SyncProgress,
};
use yew::prelude::*;

use crate::{
    components::{
        button::{Button, Readiness, Weight},
        icon::Icon,
    },
    i18n::{I18n, t, use_i18n},
    query::use_act,
    session::use_session,
};

/// The banners, each only while it is true.
#[component]
pub(super) fn Banners() -> Html {
    let handle = use_session();
    let i18n = use_i18n();
    let session = &handle.session;
    html! {
        <div class="banners">
            if session.connectivity == Connectivity::Offline {
                <OfflineBanner />
            }
            if let Some(progress) = session.sync {
                <SyncBanner {progress} />
            } else if session.upkeep.paused {
                <PausedBanner />
            }
            { sign_in(&i18n, &session.phase) }
            <LockBanner />
            <SilentBanners />
        </div>
    }
}

/// «Нет связи», from when the data are, and the way to try again.
#[component]
fn OfflineBanner() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let sync = use_act::<SyncNow>(handle.replace.clone());
    let onclick = sync.run.reform(|()| SyncNow {});
    html! {
        <div class="banner banner-offline" role="status" data-testid="banner-offline">
            <Icon name="cloud-off" />
            <p class="banner-text">
                <strong>{ t!(i18n, "offline-title") }</strong>{ " " }{ data_time(&i18n, &handle.session) }
            </p>
            <Button weight={Weight::Tertiary} icon="rotate-cw" {onclick}
                readiness={Readiness::busy_if(sync.is_running())}>{ t!(i18n, "offline-retry") }</Button>
        </div>
    }
}

/// From when the data are: of the history if it is open, else of the catalogue.
fn data_time(i18n: &I18n, session: &Session) -> AttrValue {
    let freshness = session.freshness;
    match freshness.history_at.or(freshness.catalogue_at) {
        Some(at) => {
            let moment = i18n.moment(at);
            t!(i18n, "offline-data-from", moment = moment.as_str())
        }
        None => t!(i18n, "offline-no-data"),
    }
}

/// Props of [`SyncBanner`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct SyncBannerProps {
    progress: SyncProgress,
}

/// How far a sync got, and the way to stop it.
#[component]
fn SyncBanner(props: &SyncBannerProps) -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let pause = use_act::<PauseSync>(handle.replace.clone());
    let onclick = pause.run.reform(|()| PauseSync { paused: true });
    let SyncProgress { done, total } = props.progress;
    let known = total > 0;
    html! {
        <div class="banner banner-sync" role="status">
            <Icon name="refresh-cw" />
            <label class="banner-text" for="sync-progress">
                if known {
                    { t!(i18n, "sync-progress", done = i18n.number(done), total = i18n.number(total)) }
                } else {
                    { t!(i18n, "sync-running") }
                }
            </label>
            <progress id="sync-progress" class="progress" max={known.then(|| total.to_string())}
                value={known.then(|| done.to_string())} />
            if !handle.session.upkeep.paused {
                <Button weight={Weight::Tertiary} icon="pause" {onclick} test_id="pause-sync"
                    readiness={Readiness::busy_if(pause.is_running())}>{ t!(i18n, "sync-pause") }</Button>
            }
        </div>
    }
}

/// News does not come by itself; how to have it again, or once.
#[component]
fn PausedBanner() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let resume = use_act::<PauseSync>(handle.replace.clone());
    let sync = use_act::<SyncNow>(handle.replace.clone());
    html! {
        <div class="banner banner-sync" role="status" data-testid="banner-paused">
            <Icon name="pause" />
            <p class="banner-text">
                <strong>{ t!(i18n, "sync-paused") }</strong>{ " " }{ data_time(&i18n, &handle.session) }
            </p>
            <Button weight={Weight::Tertiary} icon="rotate-cw" onclick={sync.run.reform(|()| SyncNow {})}
                readiness={Readiness::busy_if(sync.is_running())}>{ t!(i18n, "sync-once") }</Button>
            <Button weight={Weight::Tertiary} icon="play" test_id="resume-sync"
                onclick={resume.run.reform(|()| PauseSync { paused: false })}
                readiness={Readiness::busy_if(resume.is_running())}>{ t!(i18n, "sync-resume") }</Button>
        </div>
    }
}

/// The session has ended, or will soon: reading and filling in go on, sending waits for a new sign-in.
fn sign_in(i18n: &I18n, phase: &Phase) -> Html {
    match phase {
        Phase::Open {
            sign_in_needed: true,
            ..
        } => html! { <SignInBanner words={t!(i18n, "sign-in-needed")} /> },
        Phase::Open {
            ends_soon: Some(end),
            ..
        } => {
            let moment = i18n.moment(*end);
            html! { <SignInBanner words={t!(i18n, "session-ends-soon", moment = moment.as_str())} /> }
        }
        Phase::Open { .. }
        | Phase::SignedOut
        | Phase::SigningIn
        | Phase::NeedsPasscode
        | Phase::Locked { .. } => Html::default(),
    }
}

/// It is about to lock itself: any movement, and this button too, keeps it open.
#[component]
fn LockBanner() -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let stay = use_act::<KeepAwake>(Callback::noop());
    let warned = matches!(
        handle.session.phase,
        Phase::Open {
            locks_at: Some(_),
            ..
        }
    );
    html! {
        if warned {
            <div class="banner banner-warning" role="alert" data-testid="banner-lock">
                <Icon name="lock" />
                <p class="banner-text">{ t!(i18n, "lock-soon") }</p>
                <Button weight={Weight::Secondary} onclick={stay.run.reform(|()| KeepAwake {})}>
                    { t!(i18n, "lock-soon-stay") }</Button>
            </div>
        }
    }
}

/// Props of [`SignInBanner`].
#[derive(Debug, Clone, PartialEq, Properties)]
struct SignInBannerProps {
    words: AttrValue,
}

/// Why to sign in again, and the way to.
#[component]
fn SignInBanner(props: &SignInBannerProps) -> Html {
    let i18n = use_i18n();
    let handle = use_session();
    let sign_in = use_act::<SignIn>(handle.replace.clone());
    let onclick = sign_in.run.reform(|()| SignIn {});
    html! {
        <div class="banner banner-warning" role="status" data-testid="banner-sign-in">
            <Icon name="key-round" />
            <p class="banner-text">{ &props.words }</p>
            <Button weight={Weight::Secondary} {onclick}
                readiness={Readiness::busy_if(sign_in.is_running())}>{ t!(i18n, "sign-in-button") }</Button>
        </div>
    }
}

/// Banners without anything to press.
#[component]
fn SilentBanners() -> Html {
    let i18n = use_i18n();
    let session = use_session().session;
    html! {
        <>
            if session.keyring == KeyringStatus::SessionOnly {
                <div class="banner banner-warning" data-testid="banner-session-only">
                    <Icon name="shield-alert" />
                    <p class="banner-text">{ t!(i18n, "session-only") }</p>
                </div>
            }
            if session.vault_was_damaged {
                <div class="banner banner-warning" role="status">
                    <Icon name="triangle-alert" />
                    <p class="banner-text">{ t!(i18n, "vault-was-damaged") }</p>
                </div>
            }
        </>
    }
}

//! Notices, and refusals in words.

use uc_ipc::IpcError;
use yew::prelude::*;

use super::button::{Button, Weight};
use crate::i18n::{t, use_i18n};

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// To know.
    Info,
    /// To heed.
    Warning,
    /// Wrong.
    Danger,
}

impl Tone {
    /// The design system's colour.
    pub(crate) fn color(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// Props of [`Notice`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct NoticeProps {
    /// What it is about.
    pub(crate) tone: Tone,
    /// Its words.
    pub(crate) children: Html,
    /// `alert` or `status` where it appears by itself.
    #[prop_or_default]
    pub(crate) role: Option<AttrValue>,
    /// Its name for tests.
    #[prop_or_default]
    pub(crate) test_id: Option<AttrValue>,
}

/// A notice in the flow of a screen.
#[component]
pub(crate) fn Notice(props: &NoticeProps) -> Html {
    html! {
        <div class="ds-alert notice" data-color={props.tone.color()} role={props.role.clone()}
            data-testid={props.test_id.clone()}>
            { props.children.clone() }
        </div>
    }
}

/// Props of [`Failure`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct FailureProps {
    /// Why.
    pub(crate) error: IpcError,
    /// Tries again.
    #[prop_or_default]
    pub(crate) retry: Option<Callback<()>>,
}

/// Why something was not done, with the way to try again.
#[component]
pub(crate) fn Failure(props: &FailureProps) -> Html {
    let i18n = use_i18n();
    // Offline is a state, not a mishap.
    let tone = if props.error == IpcError::Offline {
        Tone::Info
    } else {
        Tone::Danger
    };
    html! {
        <Notice {tone} role="alert" test_id="failure">
            <p class="ds-paragraph">{ i18n.error(&props.error) }</p>
            if let Some(retry) = &props.retry {
                <Button weight={Weight::Secondary} icon="rotate-cw" onclick={retry.clone()}>
                    { t!(i18n, "retry-button") }
                </Button>
            }
        </Notice>
    }
}

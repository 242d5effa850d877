//! An application's state as a coloured tag with an icon: never by colour alone.

use uc_ipc::ApplicationState;
use yew::prelude::*;

use super::icon::Icon;
use crate::i18n::use_i18n;

/// Props of [`StateTag`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct StateTagProps {
    /// The state.
    pub(crate) state: ApplicationState,
}

/// The tag.
#[component]
pub(crate) fn StateTag(props: &StateTagProps) -> Html {
    let i18n = use_i18n();
    html! {
        <span class="ds-tag state-tag" data-color={color(&props.state)} data-testid="request-state"
            data-state={name(&props.state)}>
            <Icon name={icon(&props.state)} />
            { i18n.state(&props.state) }
        </span>
    }
}

fn color(state: &ApplicationState) -> &'static str {
    match state {
        ApplicationState::Draft | ApplicationState::Cancelled => "neutral",
        ApplicationState::Queued { .. }
        | ApplicationState::Sending
        | ApplicationState::Unknown
        | ApplicationState::Registered
        | ApplicationState::InProgress => "info",
        ApplicationState::Returned | ApplicationState::NeedsCorrection => "warning",
        ApplicationState::Approved => "success",
        ApplicationState::Refused => "danger",
    }
}

/// The icon of a state.
pub(crate) fn icon(state: &ApplicationState) -> &'static str {
    match state {
        ApplicationState::Draft => "pencil-line",
        ApplicationState::Queued { .. } => "clock",
        ApplicationState::Sending => "send",
        ApplicationState::Unknown => "circle-question-mark",
        ApplicationState::Returned | ApplicationState::NeedsCorrection => "triangle-alert",
        ApplicationState::Registered => "file-check",
        ApplicationState::InProgress => "hourglass",
        ApplicationState::Approved => "circle-check",
        ApplicationState::Refused => "circle-x",
        ApplicationState::Cancelled => "ban",
    }
}

/// The state's name for tests, the same in every language.
fn name(state: &ApplicationState) -> &'static str {
    match state {
        ApplicationState::Draft => "draft",
        ApplicationState::Queued { .. } => "queued",
        ApplicationState::Sending => "sending",
        ApplicationState::Unknown => "unknown",
        ApplicationState::Returned => "returned",
        ApplicationState::Registered => "registered",
        ApplicationState::InProgress => "in-progress",
        ApplicationState::NeedsCorrection => "needs-correction",
        ApplicationState::Approved => "approved",
        ApplicationState::Refused => "refused",
        ApplicationState::Cancelled => "cancelled",
    }
}

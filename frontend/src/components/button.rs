//! Buttons.

use yew::prelude::*;

use super::icon::Icon;

/// How much a button asks for attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The one thing to do.
    #[default]
    Primary,
    /// Something else to do.
    Secondary,
    /// By the way.
    Tertiary,
}

/// What pressing does to the person's things.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing is lost.
    #[default]
    Safe,
    /// Something is lost.
    Destructive,
}

/// Whether it can be pressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Readiness {
    /// It can.
    #[default]
    Ready,
    /// What it began is under way.
    Busy,
    /// It makes no sense now.
    Disabled,
}

impl Readiness {
    /// Busy while something runs.
    pub(crate) fn busy_if(running: bool) -> Self {
        if running { Self::Busy } else { Self::Ready }
    }
}

/// Props of [`Button`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ButtonProps {
    /// Its words.
    pub(crate) children: Html,
    #[prop_or_default]
    pub(crate) weight: Weight,
    #[prop_or_default]
    pub(crate) effect: Effect,
    #[prop_or_default]
    pub(crate) readiness: Readiness,
    /// An icon before the words.
    #[prop_or_default]
    pub(crate) icon: Option<AttrValue>,
    /// `submit` inside forms.
    #[prop_or(AttrValue::Static("button"))]
    pub(crate) kind: AttrValue,
    /// Its name for tests.
    #[prop_or_default]
    pub(crate) test_id: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) onclick: Callback<()>,
}

/// A button. While busy it keeps the focus and ignores presses.
#[component]
pub(crate) fn Button(props: &ButtonProps) -> Html {
    let onclick = {
        let (press, readiness) = (props.onclick.clone(), props.readiness);
        Callback::from(move |_: MouseEvent| {
            if readiness == Readiness::Ready {
                press.emit(());
            }
        })
    };
    let variant = match props.weight {
        Weight::Primary => "primary",
        Weight::Secondary => "secondary",
        Weight::Tertiary => "tertiary",
    };
    let color = (props.effect == Effect::Destructive).then_some("danger");
    let busy = (props.readiness == Readiness::Busy).then_some("true");
    html! {
        <button class={classes!("ds-button", "button", props.class.clone())} data-variant={variant} data-color={color}
            type={props.kind.clone()} data-testid={props.test_id.clone()} {onclick}
            aria-disabled={busy} data-busy={busy} disabled={props.readiness == Readiness::Disabled}>
            if busy.is_some() {
                <Icon name="loader-circle" class="spin" />
            } else if let Some(name) = &props.icon {
                <Icon {name} />
            }
            <span>{ props.children.clone() }</span>
        </button>
    }
}

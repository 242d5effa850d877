//! A question before something is done.

use yew::prelude::*;

use super::button::{Button, Effect, Readiness, Weight};
use crate::{
    backend::dom,
    i18n::{t, use_i18n},
};

/// Props of [`ConfirmDialog`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ConfirmDialogProps {
    /// The question.
    pub(crate) title: AttrValue,
    /// What follows from yes.
    pub(crate) children: Html,
    /// The word for yes.
    pub(crate) confirm: AttrValue,
    /// The name of yes for tests.
    #[prop_or(AttrValue::Static("confirm"))]
    pub(crate) test_id: AttrValue,
    #[prop_or_default]
    pub(crate) readiness: Readiness,
    /// What yes does to the person's things.
    #[prop_or(Effect::Destructive)]
    pub(crate) effect: Effect,
    pub(crate) on_confirm: Callback<()>,
    pub(crate) on_close: Callback<()>,
}

/// A dialog over everything, open as long as it is in the tree. Esc closes it.
#[component]
pub(crate) fn ConfirmDialog(props: &ConfirmDialogProps) -> Html {
    let i18n = use_i18n();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            dom::show_modal(&node);
            move || dom::close_modal(&node)
        });
    }
    let oncancel = {
        let on_close = props.on_close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            on_close.emit(());
        })
    };
    html! {
        <dialog class="ds-dialog dialog" ref={node} {oncancel} aria-labelledby="dialog-title">
            <h2 class="dialog-title" id="dialog-title" tabindex="-1" autofocus=true>{ &props.title }</h2>
            <div class="dialog-body">{ props.children.clone() }</div>
            <div class="actions">
                <Button effect={props.effect} readiness={props.readiness} onclick={props.on_confirm.clone()}
                    test_id={props.test_id.clone()}>{ &props.confirm }</Button>
                <Button weight={Weight::Secondary} onclick={props.on_close.clone()} test_id="dialog-close">
                    { t!(i18n, "dialog-keep") }
                </Button>
            </div>
        </dialog>
    }
}

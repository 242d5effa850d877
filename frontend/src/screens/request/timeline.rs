//! What happened, newest first.

use uc_ipc::{ApplicationDetails, TimelineEntry};
use yew::prelude::*;

use crate::{
    components::{icon::Icon, state_tag},
    i18n::{I18n, t},
};

/// The history as a line with marks.
pub(super) fn timeline(i18n: &I18n, details: &ApplicationDetails) -> Html {
    if details.timeline.is_empty() {
        return Html::default();
    }
    html! {
        <section class="section" aria-labelledby="timeline">
            <h2 class="section-title" id="timeline"><Icon name="history" />{ t!(i18n, "request-timeline") }</h2>
            <ol class="timeline" reversed=true>
                { for details.timeline.iter().rev().enumerate().map(|(index, entry)| mark(i18n, index, entry)) }
            </ol>
        </section>
    }
}

fn mark(i18n: &I18n, index: usize, entry: &TimelineEntry) -> Html {
    let current = (index == 0).then_some("mark-current");
    html! {
        <li class={classes!("mark", current)} aria-current={current.map(|_| "step")}>
            <span class="mark-icon"><Icon name={state_tag::icon(&entry.state)} /></span>
            <div class="mark-body">
                <p class="mark-state">{ i18n.state(&entry.state) }</p>
                <p class="mark-time"><time datetime={entry.at.to_string()}>{ i18n.moment(entry.at) }</time></p>
                if let Some(note) = &entry.note {
                    <p class="mark-note">{ i18n.pick_or(note, entry.note_en.as_deref()) }</p>
                }
            </div>
        </li>
    }
}

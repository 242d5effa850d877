//! Questions answered with a file: chosen or dropped, given to the core in parts, named once it is whole.

use uc_forms::FieldFault;
use uc_ipc::{AttachFile, FilePart, IpcError, MAX_PART_BYTES};
use uc_model::{Attachment, MAX_FILE_BYTES};
use web_sys::{File, HtmlInputElement};
use yew::{platform::spawn_local, prelude::*};

use super::Frame;
use crate::{
    backend::{Backend, files},
    components::{icon::Icon, notice::Failure},
    i18n::{I18n, t, use_i18n},
    query::use_backend,
    screens::application_form::filling::{Edit, Filling},
};

/// Kinds that the browser's dialog offers.
const ACCEPT: &str = "image/jpeg,image/png,application/pdf";

/// How the giving of a file stands.
#[derive(Debug, Clone, PartialEq)]
enum Giving {
    /// Nothing is under way.
    Rests,
    /// So much of it is with the core, in percent.
    Runs(u64),
    /// The core refused it for another reason than the file itself.
    Failed(IpcError),
}

/// The control of a question for a file.
pub(super) fn file(frame: &Frame<'_>) -> Html {
    html! {
        <div class="ds-field control">
            <label class="ds-label control-label" for={frame.id.clone()}>{ frame.title() }</label>
            { frame.help() }
            <Chooser property={frame.field.property.clone()} filling={frame.filling.clone()} id={frame.id.clone()}
                described_by={frame.described_by()} is_invalid={frame.error.is_some()} is_required={frame.required} />
            { frame.fault() }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChooserProps {
    property: AttrValue,
    filling: UseReducerHandle<Filling>,
    id: AttrValue,
    described_by: AttrValue,
    is_invalid: bool,
    is_required: bool,
}

/// The field itself covers its box, so that a file can be dropped anywhere on it.
#[component]
fn Chooser(props: &ChooserProps) -> Html {
    let i18n = use_i18n();
    let backend = use_backend();
    let giving = use_state(|| Giving::Rests);
    let attached = attached(&props.filling, &props.property);
    let onchange = {
        let (props, giving) = (props.clone(), giving.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = files::take_chosen(&input) {
                spawn_local(give(backend.clone(), props.clone(), giving.clone(), file));
            }
        })
    };
    let is_busy = matches!(*giving, Giving::Runs(_));
    let invite = if attached.is_some() {
        t!(i18n, "file-choose-other")
    } else {
        t!(i18n, "file-choose")
    };
    html! {
        <>
            if let Some(attached) = &attached {
                { card(&i18n, props, attached) }
            }
            <div class="file-drop">
                <Icon name="upload" />
                <span class="file-invite">{ invite }</span>
                <span class="field-hint">{ t!(i18n, "file-kinds", size = i18n.bytes(MAX_FILE_BYTES as u64)) }</span>
                <input type="file" id={props.id.clone()} accept={ACCEPT} {onchange} disabled={is_busy}
                    aria-describedby={props.described_by.clone()} aria-invalid={props.is_invalid.then_some("true")}
                    aria-required={(props.is_required && attached.is_none()).to_string()} data-testid={props.id.clone()} />
            </div>
            <p class="file-state" role="status">{ state(&i18n, &giving, attached.as_ref()) }</p>
            if let Giving::Failed(error) = &*giving {
                <Failure error={error.clone()} />
            }
        </>
    }
}

fn attached(filling: &Filling, property: &str) -> Option<Attachment> {
    serde_json::from_value(filling.answers.get(property)?.clone()).ok()
}

fn card(i18n: &I18n, props: &ChooserProps, attached: &Attachment) -> Html {
    let onclick = {
        let (filling, property) = (props.filling.clone(), props.property.to_string());
        Callback::from(move |_: MouseEvent| {
            filling.dispatch(Edit::Choose {
                property: property.clone(),
                value: serde_json::Value::Null,
            });
        })
    };
    let label = t!(i18n, "file-remove-named", name = attached.name.as_str());
    html! {
        <div class="file-card" data-testid={format!("{}-attached", props.id)}>
            <Icon name="file-check" />
            <span class="file-name">{ attached.name.clone() }</span>
            <span class="file-size">{ i18n.bytes(attached.size) }</span>
            <button type="button" class="file-remove" {onclick} aria-label={label}>
                <Icon name="trash-2" />{ t!(i18n, "file-remove") }
            </button>
        </div>
    }
}

/// What a screen reader hears.
fn state(i18n: &I18n, giving: &Giving, attached: Option<&Attachment>) -> AttrValue {
    match (giving, attached) {
        (Giving::Runs(percent), _) => t!(i18n, "file-taking", percent = *percent),
        (Giving::Rests | Giving::Failed(_), Some(_)) => t!(i18n, "file-taken"),
        (Giving::Rests | Giving::Failed(_), None) => AttrValue::from(""),
    }
}

async fn give(backend: Backend, props: ChooserProps, giving: UseStateHandle<Giving>, file: File) {
    giving.set(Giving::Runs(0));
    let property = props.property.to_string();
    let tell = |percent| giving.set(Giving::Runs(percent));
    let given = give_parts(&backend, &props, &file, tell).await;
    giving.set(Giving::Rests);
    match given {
        Ok(attachment) => {
            let value = serde_json::to_value(attachment).unwrap_or_default();
            props.filling.dispatch(Edit::Choose { property, value });
        }
        Err(IpcError::Rejected { faults }) => props.filling.dispatch(Edit::Find(faults)),
        Err(error) => giving.set(Giving::Failed(error)),
    }
}

async fn give_parts(
    backend: &Backend,
    props: &ChooserProps,
    file: &File,
    tell: impl Fn(u64),
) -> Result<Attachment, IpcError> {
    let size = files::size(file);
    let fault = |rule| IpcError::Rejected {
        faults: vec![FieldFault {
            property: props.property.to_string(),
            rule,
        }],
    };
    let mut start = 0;
    loop {
        let part = files::read(file, start, MAX_PART_BYTES).await;
        let part = part.ok_or_else(|| fault(uc_forms::BrokenRule::FileAbsent))?;
        let request = AttachFile {
            application: props.filling.application,
            property: props.property.to_string(),
            name: file.name(),
            size,
            start,
            part: FilePart(part),
        };
        let progress = backend.call(&request).await?;
        if let Some(attachment) = progress.attachment {
            return Ok(attachment);
        }
        if progress.received <= start {
            return Err(IpcError::Conflict);
        }
        start = progress.received;
        tell(start * 100 / size.max(1));
    }
}

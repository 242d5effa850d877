//! One application with everything the screen shows of it.

use serde_json::Value;
use uc_forms::{FieldFault, FieldKind, Form, Format};
use uc_ipc::{
    ActingName, Action, AnswerView, ApplicationDetails, ApplicationState, CorrectionView, IpcError,
    NextStep, ReturnedAnswer, TimelineEntry,
};
use uc_model::{Answers, ApplicationId, ApplicationStatus, OutboxState};
use uc_portal_api::{ActivityKind, Dialog, GuiAction};
use uc_store::{Application, Draft, ListedState, Message, OutboxRow, StoreError};

use super::{rows, state};
use crate::{Core, acting, inbox};

/// What the vault knows of an application.
struct Known {
    application: Application,
    dialog: Option<Dialog>,
    outbox: Option<OutboxRow>,
    draft: Option<Draft>,
    messages: Vec<Message>,
}

/// An application with its history.
pub(crate) async fn load(core: &Core, id: ApplicationId) -> Result<ApplicationDetails, IpcError> {
    let known = core
        .look(move |view| {
            let dialog = view.find_dialog(id)?;
            Ok(Known {
                application: view.find_application(id)?.ok_or(StoreError::Absent)?,
                dialog: dialog
                    .map(|(_, json)| serde_json::from_str(&json))
                    .transpose()?,
                outbox: view.find_outbox_row(id)?,
                draft: view.find_draft(id)?,
                messages: view.list_messages_of(id)?,
            })
        })
        .await?;
    let service = known.application.service.clone();
    let form = core.browse(move |view| view.find_form(&service)).await?;
    let form = form.and_then(|form| Form::parse(&form.schema, &form.layout).ok());
    let names = inbox::service_names(core, vec![known.application.service.clone()]).await?;
    let timeline = known.timeline();
    let mut row = rows(core, vec![known.application.clone()]).await?;
    Ok(ApplicationDetails {
        row: row.pop().ok_or(IpcError::NotFound)?,
        next_step: next_step(known.application.state),
        timeline,
        acting_for: known.acting_for(),
        correction: known.correction(),
        returned: known.returned(form.as_ref()),
        actions: known.actions(),
        answers: known.answers().map_or_else(Vec::new, |answers| {
            form.as_ref()
                .map_or_else(Vec::new, |form| answer_views(form, answers))
        }),
        messages: known
            .messages
            .into_iter()
            .map(|message| inbox::message_view(message, &names))
            .collect(),
    })
}

impl Known {
    /// In whose name it was made, as the portal tells it.
    fn acting_for(&self) -> Option<ActingName> {
        let dialog = self.dialog.as_ref()?;
        acting::of_dialog(dialog).names.pop()
    }

    /// What happened at the portal, and what happens on this device after it.
    fn timeline(&self) -> Vec<TimelineEntry> {
        let activities = self.dialog.iter().flat_map(|dialog| &dialog.activities);
        let mut timeline: Vec<TimelineEntry> = activities
            // The portal has it because the form was sent: people see one event.
            .filter(|activity| activity.kind != ActivityKind::DialogCreated)
            .map(|activity| TimelineEntry {
                at: activity.created_at,
                state: state(activity.status.into(), activity.created_at),
                note: activity.description.clone(),
                note_en: activity.description_en.clone(),
            })
            .collect();
        if let Some(row) = &self.outbox {
            timeline.push(TimelineEntry {
                at: row.sealed.sealed_at,
                state: ApplicationState::Queued {
                    since: row.sealed.sealed_at,
                },
                note: None,
                note_en: None,
            });
        }
        timeline
    }

    fn correction(&self) -> Option<CorrectionView> {
        self.dialog
            .as_ref()
            .filter(|dialog| dialog.extended_status == ApplicationStatus::NeedsCorrection)
            .filter(|_| self.outbox.is_none())
            .and_then(correction_view)
    }

    fn returned(&self, form: Option<&Form>) -> Vec<ReturnedAnswer> {
        let faults: Vec<FieldFault> = self
            .draft
            .as_ref()
            .and_then(|draft| draft.faults.clone())
            .and_then(|faults| serde_json::from_value(faults).ok())
            .unwrap_or_default();
        faults
            .into_iter()
            .map(|fault| {
                let field = form.and_then(|form| form.field(&fault.property));
                ReturnedAnswer {
                    title: field
                        .map_or_else(|| fault.property.clone(), |field| field.title.ru.clone()),
                    title_en: field.and_then(|field| field.title.en.clone()),
                    fault,
                }
            })
            .collect()
    }

    fn actions(&self) -> Vec<Action> {
        if let Some(row) = &self.outbox {
            let unsent = matches!(row.state, OutboxState::Sealed | OutboxState::Staged);
            return if unsent {
                vec![Action::Cancel]
            } else {
                Vec::new()
            };
        }
        let offered = self.dialog.iter().flat_map(|dialog| &dialog.gui_actions);
        let mut actions: Vec<Action> = offered
            .map(|action| match action {
                GuiAction::Correct => Action::Correct,
                GuiAction::Cancel => Action::Cancel,
            })
            .collect();
        if self.draft.is_some() && !actions.contains(&Action::Correct) {
            actions.insert(0, Action::Continue);
        }
        actions
    }

    /// The newest answers: those on their way, those being filled in, those that the portal has.
    fn answers(&self) -> Option<&Answers> {
        let sent = self.outbox.as_ref().map(|row| &row.sealed.answers);
        let drafted = self.draft.as_ref().map(|draft| &draft.answers);
        let at_portal = self.dialog.as_ref().map(|dialog| &dialog.answers);
        sent.or(drafted).or(at_portal)
    }
}

/// What the agency wants corrected, as the interface shows it.
pub(crate) fn correction_view(dialog: &Dialog) -> Option<CorrectionView> {
    let correction = dialog.correction.clone()?;
    Some(CorrectionView {
        note: correction.note,
        note_en: correction.note_en,
        fields: correction.fields,
    })
}

const fn next_step(state: ListedState) -> NextStep {
    match state {
        ListedState::Draft => NextStep::FinishDraft,
        ListedState::Queued | ListedState::Sending => NextStep::WaitForNetwork,
        ListedState::Unknown => NextStep::WaitForAnswer,
        ListedState::Returned => NextStep::Mend,
        ListedState::Registered => NextStep::WaitForAgency,
        ListedState::InProgress => NextStep::WaitForDecision,
        ListedState::NeedsCorrection => NextStep::Correct,
        ListedState::Approved | ListedState::Refused | ListedState::Cancelled => NextStep::Nothing,
    }
}

fn answer_views(form: &Form, answers: &Answers) -> Vec<AnswerView> {
    (0..form.steps.len())
        .flat_map(|step| form.visible_properties(step, answers))
        .filter_map(|property| {
            let field = form.field(property)?;
            let (text, text_en) = answer_text(&field.kind, answers.get(property)?);
            Some(AnswerView {
                title: field.title.ru.clone(),
                title_en: field.title.en.clone(),
                text,
                text_en,
            })
        })
        .collect()
}

/// An answer in words, and in English where the form has them.
fn answer_text(kind: &FieldKind, answer: &Value) -> (String, Option<String>) {
    let text = match (kind, answer) {
        (FieldKind::Choice(options), Value::String(value)) => {
            let option = options.iter().find(|option| option.value == *value);
            return match option {
                Some(option) => (option.title.ru.clone(), option.title.en.clone()),
                None => (value.clone(), None),
            };
        }
        (
            FieldKind::Text {
                format: Some(Format::Date),
                ..
            },
            Value::String(text),
        ) => date_text(text),
        (FieldKind::File, file) => file["name"].as_str().unwrap_or("—").to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(answer)) => if *answer { "✓" } else { "—" }.to_owned(),
        (_, other) => other.to_string(),
    };
    (text, None)
}

/// `1990-05-14` as people write it: `14.05.1990`.
fn date_text(text: &str) -> String {
    text.parse::<jiff::civil::Date>().map_or_else(
        |_| text.to_owned(),
        |date| date.strftime("%d.%m.%Y").to_string(),
    )
}

//! Filling forms in.

use jiff::Timestamp;
use uc_forms::Form;
use uc_ipc::{
    Acting, ApplicationForm, ApplicationPage, DiscardDraft, DraftSaved, IpcError, ListApplications,
    OpenForm, SaveDraft, View,
};
use uc_model::{Answers, ApplicationId, ApplicationStatus, Audience, ServiceId};
use uc_portal_api::{Dialog, PersonProfile, PublicService};
use uc_store::{Draft, StoreError, VaultView};
use uc_sync::merge::merge;

use crate::{Core, acting, applications};

/// What the vault has for a form.
struct Begun {
    application: ApplicationId,
    draft: Option<Draft>,
    dialog: Option<Dialog>,
    profile: Option<PersonProfile>,
}

/// A form with its draft, or a new one filled from the profile.
pub(crate) async fn open_form(core: &Core, request: OpenForm) -> Result<ApplicationForm, IpcError> {
    let service = request.service.clone();
    let (definition, summary, audience) = core
        .browse(move |view| {
            let form = view.find_form(&service)?.ok_or(StoreError::Absent)?;
            let summary = view.find_service(&service)?.ok_or(StoreError::Absent)?;
            let document = view
                .find_service_document(&service)?
                .ok_or(StoreError::Absent)?;
            let service: PublicService = serde_json::from_str(&document)?;
            Ok((form, summary, service.audience))
        })
        .await?;
    let form = Form::parse(&definition.schema, &definition.layout)
        .map_err(|error| core.internal(&error))?;
    let begun = load(core, request).await?;
    let (mut answers, mut from_profile, step) = begun.filled_in();
    let acting = begun.acting(&audience, core.now());
    let profile = begun.profile.as_ref().map(serde_json::to_value).transpose();
    let profile = profile.map_err(|error| core.internal(&error))?;
    for property in form.prefill(
        |source| known_answer(profile.as_ref(), source),
        &mut answers,
    ) {
        if !from_profile.contains(&property) {
            from_profile.push(property);
        }
    }
    core.desk.show_form(begun.application, definition.version);
    core.desk.show_answers(begun.application, begun.kept());
    Ok(ApplicationForm {
        application: begun.application,
        service: definition.service,
        title: summary.title,
        title_en: summary.title_en,
        agency: summary.agency,
        acting,
        schema: definition.schema,
        layout: definition.layout,
        answers,
        from_profile,
        step,
        conflicts: begun.conflicts(),
        correction: begun
            .dialog
            .as_ref()
            .and_then(applications::correction_view),
        form_changed: begun
            .form_version()
            .is_some_and(|version| version != definition.version),
    })
}

/// Keeps what was filled in so far.
pub(crate) async fn save_draft(core: &Core, request: SaveDraft) -> Result<DraftSaved, IpcError> {
    let now = core.now();
    let id = request.application;
    let names = core.names_of(&request.service).await?;
    let form_version = core.shown_version(id, &request.service).await?;
    let submission = core.look(move |view| next_submission(view, id)).await?;
    let submission = submission.ok_or(IpcError::Conflict)?;
    let shown = core.desk.shown_answers(id);
    let seen = request.answers.clone();
    let changed_elsewhere = core
        .keep(move |tx| {
            let before = tx.find_draft(id)?;
            let joined = join(shown.as_ref(), before.as_ref(), &request);
            let changed_elsewhere = joined.fields != request.answers || joined.has_news;
            let draft = Draft {
                application: id,
                service: request.service,
                form_version,
                submission,
                acting_for: request.acting_for,
                answers: joined.fields,
                from_profile: before
                    .as_ref()
                    .map_or_else(Vec::new, |draft| draft.from_profile.clone()),
                step: request.step,
                faults: before.and_then(|draft| draft.faults),
                conflicts: joined.conflicts,
                saved_at: now,
            };
            tx.update_draft(&draft, (&names.0, &names.1))?;
            Ok(changed_elsewhere)
        })
        .await?;
    // Not before it is kept: what was refused must not count as known.
    core.desk.show_answers(id, seen);
    core.changed(View::Applications);
    core.desk.roaming_bell.notify_one();
    Ok(DraftSaved {
        saved_at: now,
        changed_elsewhere,
    })
}

/// The answers of a form with those that came from another device since it was opened.
struct Joined {
    fields: Answers,
    /// What is to be chosen.
    conflicts: Answers,
    /// Some of it was not known to the form.
    has_news: bool,
}

fn join(shown: Option<&Answers>, before: Option<&Draft>, request: &SaveDraft) -> Joined {
    let Some(before) = before else {
        return Joined {
            fields: request.answers.clone(),
            conflicts: Answers::default(),
            has_news: false,
        };
    };
    let merged = merge(
        shown.unwrap_or(&before.answers),
        &request.answers,
        &before.answers,
    );
    let is_new = |property: &String| !before.conflicts.contains_key(property);
    let has_news = merged.conflicts.keys().any(is_new);
    let mut conflicts = before.conflicts.clone();
    conflicts.retain(|property, other| {
        !request.chosen.contains(property) && merged.fields.get(property) != Some(&*other)
    });
    conflicts.extend(merged.conflicts.0);
    Joined {
        fields: merged.fields,
        conflicts,
        has_news,
    }
}

/// Throws a draft away.
pub(crate) async fn discard_draft(
    core: &Core,
    request: DiscardDraft,
) -> Result<ApplicationPage, IpcError> {
    core.keep(move |tx| tx.delete_draft(request.application))
        .await?;
    core.desk.roaming_bell.notify_one();
    core.changed(View::Applications);
    applications::list_applications(core, ListApplications::default()).await
}

/// The number of the submission that an application's draft becomes; none while it is on its way or at the agency.
pub(crate) fn next_submission(
    view: &VaultView<'_>,
    id: ApplicationId,
) -> Result<Option<u32>, StoreError> {
    if view.find_outbox_row(id)?.is_some() {
        return Ok(None);
    }
    let Some((_, json)) = view.find_dialog(id)? else {
        return Ok(Some(1));
    };
    let dialog: Dialog = serde_json::from_str(&json)?;
    Ok(
        (dialog.extended_status == ApplicationStatus::NeedsCorrection)
            .then(|| dialog.submission.saturating_add(1)),
    )
}

async fn load(core: &Core, request: OpenForm) -> Result<Begun, IpcError> {
    let new_id = ApplicationId::new(core.new_uuid());
    let begun = core
        .look(move |view| {
            let application = request.application.unwrap_or(new_id);
            let dialog = view.find_dialog(application)?;
            let profile = view.find_profile()?;
            Ok(Begun {
                application,
                draft: view.find_draft(application)?,
                dialog: dialog
                    .map(|(_, json)| serde_json::from_str(&json))
                    .transpose()?,
                profile: profile
                    .map(|json| serde_json::from_str(&json))
                    .transpose()?,
            })
        })
        .await?;
    if request.application.is_some() && begun.draft.is_none() && begun.dialog.is_none() {
        return Err(IpcError::NotFound);
    }
    Ok(begun)
}

impl Begun {
    /// Answers, the ones of them from the profile, and the step to go on with.
    fn filled_in(&self) -> (Answers, Vec<String>, u32) {
        match (&self.draft, &self.dialog) {
            (Some(draft), _) => (
                draft.answers.clone(),
                draft.from_profile.clone(),
                draft.step,
            ),
            (None, Some(dialog)) => (dialog.answers.clone(), Vec::new(), 0),
            (None, None) => (Answers::default(), Vec::new(), 0),
        }
    }

    /// In whose name it may be made.
    fn acting(&self, audience: &[Audience], now: Timestamp) -> Acting {
        if let Some(dialog) = &self.dialog {
            return acting::of_dialog(dialog);
        }
        let chosen = self
            .draft
            .as_ref()
            .and_then(|draft| draft.acting_for.clone());
        acting::offered(audience, self.profile.as_ref(), chosen, now)
    }

    /// The answers that the vault has, without what the profile fills in.
    fn kept(&self) -> Answers {
        let draft = self.draft.as_ref();
        draft.map_or_else(Answers::default, |draft| draft.answers.clone())
    }

    fn conflicts(&self) -> Answers {
        let draft = self.draft.as_ref();
        draft.map_or_else(Answers::default, |draft| draft.conflicts.clone())
    }

    fn form_version(&self) -> Option<u32> {
        let drafted = self.draft.as_ref().map(|draft| draft.form_version);
        drafted.or(self.dialog.as_ref().map(|dialog| dialog.form_version))
    }
}

/// What the profile says of a source like `profile.last_name`; its members are named in camel case.
fn known_answer(profile: Option<&serde_json::Value>, source: &str) -> Option<String> {
    let member = camel_case(source.strip_prefix("profile.")?);
    let value = profile?.get(member)?.as_str()?;
    Some(value.to_owned())
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut joined, word| {
        let mut letters = word.chars();
        joined.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        joined.push_str(letters.as_str());
        joined
    })
}

impl Core {
    /// A service's name and its agency's short name, to be kept with what is kept of it.
    pub(crate) async fn names_of(&self, service: &ServiceId) -> Result<(String, String), IpcError> {
        let id = service.clone();
        let summary = self.browse(move |view| view.find_service(&id)).await?;
        Ok(summary.map_or_else(
            || (service.to_string(), String::new()),
            |summary| (summary.title, summary.agency),
        ))
    }

    /// The version of the form that the person looks at: the one shown, else the newest.
    pub(crate) async fn shown_version(
        &self,
        application: ApplicationId,
        service: &ServiceId,
    ) -> Result<u32, IpcError> {
        if let Some(version) = self.desk.shown_form(application) {
            return Ok(version);
        }
        let service = service.clone();
        let form = self.browse(move |view| view.find_form(&service)).await?;
        form.map(|form| form.version).ok_or(IpcError::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn app_01_the_profile_answers_by_its_members() {
        let profile =
            serde_json::json!({ "lastName": "Иванова", "passportIssuedOn": "2015-01-01" });
        let known = |source| known_answer(Some(&profile), source);
        assert_eq!(known("profile.last_name").as_deref(), Some("Иванова"));
        assert_eq!(
            known("profile.passport_issued_on").as_deref(),
            Some("2015-01-01")
        );
        assert_eq!(known("profile.snils"), None);
        assert_eq!(known("device.name"), None);
    }
}

//! The sample citizen, her applications and messages.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uc_forms::{BrokenRule, FieldFault};
use uc_ipc::{
    Acting, ActingName, AnswerView, Appearance, ApplicationForm, ApplicationRow, ApplicationState,
    AttachFile, Connectivity, CorrectionView, FileProgress, Freshness, KeyringStatus, MessageView,
    OpenForm, Phase, PortalInfo, Profile, ReturnedAnswer, Session, Upkeep,
};
use uc_model::{AccountLevel, Answers, ApplicationId, Attachment, ContentHash, MessageId};

use super::catalogue::{SERVICES, service_row};
use crate::backend::clock;

const SCHEMA: &str =
    include_str!("../../../../crates/uc-portal/catalogue/forms/passport-replacement.schema.json");
const LAYOUT: &str =
    include_str!("../../../../crates/uc-portal/catalogue/forms/passport-replacement.ui.json");
/// The one that asks for a picture.
const REPORT: &str = "street-defect-report";
const REPORT_SCHEMA: &str =
    include_str!("../../../../crates/uc-portal/catalogue/forms/street-defect-report.schema.json");
const REPORT_LAYOUT: &str =
    include_str!("../../../../crates/uc-portal/catalogue/forms/street-defect-report.ui.json");

/// A citizen with an open vault.
pub(super) fn session() -> Session {
    let now = clock::now();
    Session {
        phase: open_phase(),
        appearance: Appearance::default(),
        keyring: KeyringStatus::Available,
        portal: PortalInfo {
            address: "https://127.0.0.1:8443/".to_owned(),
            demo: true,
            authority_fingerprint: Some(["3F:A1:9C:07:5E:D2:48:B6"; 4].join(":")),
        },
        connectivity: Connectivity::Online,
        freshness: Freshness {
            catalogue_at: Some(now),
            history_at: Some(now - SignedDuration::from_mins(40)),
        },
        sync: None,
        upkeep: Upkeep::default(),
        unread: 2,
        requested: None,
        vault_was_damaged: false,
    }
}

pub(super) fn open_phase() -> Phase {
    Phase::Open {
        first_name: "Мария".to_owned(),
        sign_in_needed: false,
        ends_soon: None,
        locks_at: None,
    }
}

/// About to lock itself.
pub(super) fn idle_phase() -> Phase {
    Phase::Open {
        first_name: "Мария".to_owned(),
        sign_in_needed: false,
        ends_soon: None,
        locks_at: clock::now().checked_add(SignedDuration::from_secs(40)).ok(),
    }
}

fn application_id(number: usize) -> Option<ApplicationId> {
    format!("0198c0de-0000-7000-8000-{number:012}").parse().ok()
}

/// Applications in every state, then many that are done.
pub(super) fn applications() -> Vec<ApplicationRow> {
    let now = clock::now();
    let states = [
        ApplicationState::NeedsCorrection,
        ApplicationState::InProgress,
        ApplicationState::Draft,
        ApplicationState::Queued { since: now },
        ApplicationState::Registered,
        ApplicationState::Approved,
        ApplicationState::Unknown,
        ApplicationState::Refused,
        ApplicationState::Cancelled,
        ApplicationState::Sending,
        ApplicationState::Returned,
    ];
    (0..48)
        .filter_map(|number| {
            let state = states
                .get(number)
                .copied()
                .unwrap_or(ApplicationState::Approved);
            row(number, state, now)
        })
        .collect()
}

fn row(number: usize, state: ApplicationState, now: Timestamp) -> Option<ApplicationRow> {
    let service = service_row(&SERVICES[number % SERVICES.len()])?;
    let numbered = !matches!(
        state,
        ApplicationState::Draft | ApplicationState::Queued { .. } | ApplicationState::Sending
    );
    let hours = i64::try_from(number).unwrap_or_default() * 19;
    Some(ApplicationRow {
        id: application_id(number)?,
        service: service.id,
        title: service.title,
        title_en: service.title_en,
        agency: service.agency,
        number: numbered.then(|| format!("2026-{:06}", 104_233 + number)),
        state,
        updated_at: now - SignedDuration::from_hours(hours),
        due_at: Some(now + SignedDuration::from_hours(24 * 5 + 3 - hours)),
    })
}

/// The application that was just sent.
pub(super) fn sent(id: ApplicationId, state: ApplicationState) -> ApplicationRow {
    let now = clock::now();
    ApplicationRow {
        id,
        service: "passport-replacement".parse().expect("a slug"),
        title: SERVICES[0].1.to_owned(),
        title_en: SERVICES[0].2.to_owned(),
        agency: SERVICES[0].3.to_owned(),
        number: (state == ApplicationState::Registered).then(|| "2026-104900".to_owned()),
        state,
        updated_at: now,
        due_at: Some(now + SignedDuration::from_hours(24 * 7)),
    }
}

pub(super) fn correction() -> CorrectionView {
    CorrectionView {
        note: "Укажите орган, выдавший прежний паспорт, как в самом паспорте.".to_owned(),
        note_en: Some(
            "Give the authority that issued the old passport as the passport has it.".to_owned(),
        ),
        fields: vec!["passport_issued_by".to_owned()],
    }
}

/// What the portal found wrong, where it gave the application back.
pub(super) fn returned(state: &ApplicationState) -> Vec<ReturnedAnswer> {
    if *state != ApplicationState::Returned {
        return Vec::new();
    }
    vec![ReturnedAnswer {
        title: "Фамилия".to_owned(),
        title_en: Some("Last name".to_owned()),
        fault: FieldFault {
            property: "last_name".to_owned(),
            rule: BrokenRule::Required,
        },
    }]
}

pub(super) fn answers() -> Vec<AnswerView> {
    let answer = |title: &str, title_en: &str, text: &str, text_en: Option<&str>| AnswerView {
        title: title.to_owned(),
        title_en: Some(title_en.to_owned()),
        text: text.to_owned(),
        text_en: text_en.map(str::to_owned),
    };
    vec![
        answer(
            "Почему нужен новый паспорт",
            "Why you need a new passport",
            "Паспорт испорчен",
            Some("The passport is damaged"),
        ),
        answer("Фамилия", "Last name", "Иванова", None),
        answer("Имя", "First name", "Мария", None),
        answer("Дата рождения", "Date of birth", "14 мая 1990 г.", None),
    ]
}

pub(super) fn messages() -> Vec<MessageView> {
    let now = clock::now();
    let texts = [
        (
            "Укажите орган, выдавший прежний паспорт, как в самом паспорте.",
            0,
            3,
            false,
        ),
        (
            "Заявление принято в работу. Решение будет не позднее пятницы.",
            1,
            20,
            false,
        ),
        (
            "Готово: результат услуги можно получить в отделении с 9 до 18 часов.",
            5,
            90,
            true,
        ),
    ];
    texts
        .into_iter()
        .enumerate()
        .filter_map(|(number, (text, application, hours, read))| {
            let service = service_row(&SERVICES[application])?;
            let id: MessageId = format!("0198c0de-0000-7000-9000-{number:012}")
                .parse()
                .ok()?;
            Some(MessageView {
                id,
                application: application_id(application)?,
                service_title: service.title,
                service_title_en: service.title_en,
                agency: service.agency,
                sent_at: now - SignedDuration::from_hours(hours),
                text: text.to_owned(),
                text_en: None,
                read,
            })
        })
        .collect()
}

/// As if the core had a file, from what is so far of it.
pub(super) fn attached(request: &AttachFile) -> FileProgress {
    let received = request.start + request.part.0.len() as u64;
    let whole = received >= request.size;
    FileProgress {
        received,
        attachment: whole.then(|| Attachment {
            file: ContentHash([7; 32]),
            name: request.name.clone(),
            size: request.size,
        }),
    }
}

pub(super) fn form(request: &OpenForm) -> ApplicationForm {
    let profile = [
        ("last_name", "Иванова"),
        ("first_name", "Мария"),
        ("birth_date", "1990-05-14"),
        ("snils", "112-233-445 95"),
        ("phone", "+79001234567"),
    ];
    let correcting = request.application == application_id(0);
    let (schema, layout) = if request.service.as_str() == REPORT {
        (REPORT_SCHEMA, REPORT_LAYOUT)
    } else {
        (SCHEMA, LAYOUT)
    };
    ApplicationForm {
        acting: acting(),
        application: request
            .application
            .or_else(|| application_id(900))
            .expect("the id is well formed"),
        service: request.service.clone(),
        title: SERVICES[0].1.to_owned(),
        title_en: SERVICES[0].2.to_owned(),
        agency: SERVICES[0].3.to_owned(),
        schema: serde_json::from_str(schema).unwrap_or_default(),
        layout: serde_json::from_str(layout).unwrap_or_default(),
        answers: profile
            .iter()
            .map(|(property, text)| ((*property).to_owned(), json!(text)))
            .collect(),
        conflicts: if request.application == application_id(1) {
            [
                ("reason".to_owned(), json!("loss")),
                ("last_name".to_owned(), json!("Петрова")),
            ]
            .into_iter()
            .collect()
        } else {
            Answers::default()
        },
        from_profile: profile
            .iter()
            .map(|(property, _)| (*property).to_owned())
            .collect(),
        step: 0,
        correction: correcting.then(correction),
        form_changed: false,
    }
}

/// What the portal knows of the sample citizen.
/// Somebody who may act for a company.
fn acting() -> Acting {
    let number = "1027700132195".parse().ok();
    let names = number.map(|number| ActingName {
        number,
        name: "ООО «Пример»".to_owned(),
        until: None,
    });
    Acting {
        chosen: None,
        own: true,
        names: names.into_iter().collect(),
    }
}

pub(super) fn profile() -> Profile {
    Profile {
        acts_for: acting().names,
        level: Some(AccountLevel::Standard),
        name: "Маркерова Злата Ильинична".to_owned(),
        birth_date: Some(jiff::civil::date(1981, 2, 14)),
        phone: Some("+79000000042".to_owned()),
        email: None,
        address: Some("г. Москва, ул. Примерная, д. 1, кв. 12".to_owned()),
        snils: Some("160-722-394 47".to_owned()),
        inn: None,
        passport: Some("4510 654321".to_owned()),
    }
}

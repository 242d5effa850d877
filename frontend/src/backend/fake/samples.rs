//! The sample citizen, her services, applications and messages.

use jiff::{SignedDuration, Timestamp, civil::date};
use serde_json::json;
use uc_ipc::{
    AgencyCard, AnswerView, Appearance, ApplicationForm, ApplicationRow, ApplicationState,
    CatalogueOverview, Connectivity, CorrectionView, FeeView, Freshness, KeyringStatus,
    LifeSituationCard, MessageView, OpenForm, Phase, PortalInfo, RegionCard, ServiceDetails,
    ServiceRow, Session,
};
use uc_model::{ApplicationId, Audience, Channel, Level, MessageId, Money, Term};

use crate::backend::clock;

const SCHEMA: &str =
    include_str!("../../../../crates/uc-portal/catalogue/forms/passport-replacement.schema.json");
const LAYOUT: &str =
    include_str!("../../../../crates/uc-portal/catalogue/forms/passport-replacement.ui.json");

/// Id, title, English title, agency, term in days, fee in roubles, form.
type Sample = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<u16>,
    Option<u64>,
    bool,
);

const SERVICES: [Sample; 14] = [
    (
        "passport-replacement",
        "Замена паспорта гражданина РФ",
        "Replacement of the internal passport",
        "МВД России",
        Some(5),
        Some(300),
        true,
    ),
    (
        "doctor-appointment",
        "Запись на приём к врачу",
        "Doctor's appointment",
        "Минздрав России",
        None,
        Some(0),
        true,
    ),
    (
        "kindergarten-place",
        "Запись в детский сад",
        "Kindergarten place",
        "Департамент образования",
        Some(7),
        Some(0),
        true,
    ),
    (
        "driving-licence-replacement",
        "Замена водительского удостоверения",
        "Replacement of the driving licence",
        "МВД России",
        Some(15),
        Some(2000),
        true,
    ),
    (
        "criminal-record-certificate",
        "Справка об отсутствии судимости",
        "Criminal-record certificate",
        "МВД России",
        Some(30),
        Some(0),
        true,
    ),
    (
        "tax-deduction",
        "Налоговый вычет",
        "Tax deduction",
        "ФНС России",
        Some(30),
        Some(0),
        true,
    ),
    (
        "foreign-passport",
        "Загранпаспорт нового поколения",
        "Biometric passport",
        "МВД России",
        Some(30),
        Some(6000),
        true,
    ),
    (
        "egrn-extract",
        "Выписка из ЕГРН об объекте недвижимости и зарегистрированных правах на него",
        "Extract from the property register",
        "Росреестр",
        Some(3),
        Some(290),
        true,
    ),
    (
        "maternity-capital",
        "Материнский капитал",
        "Maternity capital",
        "Социальный фонд",
        Some(5),
        Some(0),
        true,
    ),
    (
        "residence-registration",
        "Регистрация по месту жительства",
        "Registration of residence",
        "МВД России",
        Some(6),
        Some(0),
        true,
    ),
    (
        "weapon-licence",
        "Лицензия на приобретение оружия",
        "Licence to buy a weapon",
        "Росгвардия",
        Some(14),
        None,
        false,
    ),
    (
        "archive-certificate",
        "Архивная справка",
        "Archive certificate",
        "Росархив",
        None,
        None,
        false,
    ),
    (
        "tree-removal-permit",
        "Разрешение на снос зелёных насаждений",
        "Permit to remove trees",
        "Администрация города",
        Some(17),
        Some(0),
        true,
    ),
    (
        "consumer-complaint",
        "Жалоба на нарушение прав потребителей",
        "Consumer complaint",
        "Роспотребнадзор",
        Some(30),
        Some(0),
        false,
    ),
];

const SITUATIONS: [(&str, &str, &str, &str, u32); 12] = [
    (
        "documents",
        "Документы и удостоверения",
        "Documents and identity",
        "id-card",
        21,
    ),
    (
        "birth-of-child",
        "Рождение ребёнка",
        "Birth of a child",
        "baby",
        12,
    ),
    ("family", "Семья и брак", "Family and marriage", "heart", 11),
    (
        "education",
        "Сад, школа и учёба",
        "Kindergarten, school and study",
        "graduation-cap",
        14,
    ),
    ("health", "Здоровье", "Health", "stethoscope", 13),
    (
        "transport",
        "Автомобиль и права",
        "Car and licence",
        "car",
        16,
    ),
    (
        "housing",
        "Жильё и прописка",
        "Housing and registration",
        "house",
        15,
    ),
    (
        "land",
        "Земля и недвижимость",
        "Land and property",
        "map",
        17,
    ),
    ("taxes", "Налоги", "Taxes", "receipt", 9),
    ("work", "Работа", "Work", "briefcase", 12),
    (
        "pension",
        "Пенсия и возраст",
        "Pension and age",
        "hourglass",
        10,
    ),
    ("business", "Своё дело", "Own business", "store", 24),
];

const AGENCIES: [(&str, &str, &str, &str, Level, u32); 6] = [
    (
        "mvd",
        "МВД России",
        "Министерство внутренних дел Российской Федерации",
        "Ministry of Internal Affairs",
        Level::Federal,
        27,
    ),
    (
        "fns",
        "ФНС России",
        "Федеральная налоговая служба",
        "Federal Tax Service",
        Level::Federal,
        18,
    ),
    (
        "sfr",
        "Социальный фонд",
        "Фонд пенсионного и социального страхования",
        "Social Fund",
        Level::Federal,
        22,
    ),
    (
        "rosreestr",
        "Росреестр",
        "Федеральная служба государственной регистрации",
        "Property Register",
        Level::Federal,
        9,
    ),
    (
        "moscow-education",
        "Департамент образования",
        "Департамент образования города Москвы",
        "Moscow Department of Education",
        Level::Regional,
        6,
    ),
    (
        "tula-city",
        "Администрация Тулы",
        "Администрация города Тулы",
        "Tula city",
        Level::Municipal,
        7,
    ),
];

const REGIONS: [(&str, &str, &str, bool, u32); 4] = [
    ("77", "Москва", "Moscow", false, 11),
    ("71", "Тульская область", "Tula Region", false, 8),
    ("16", "Республика Татарстан", "Tatarstan", false, 7),
    ("tula", "Тула", "Tula", true, 7),
];

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
        unread: 2,
        requested: None,
        vault_was_damaged: false,
    }
}

pub(super) fn open_phase() -> Phase {
    Phase::Open {
        first_name: "Мария".to_owned(),
        sign_in_needed: false,
    }
}

pub(super) fn overview() -> CatalogueOverview {
    CatalogueOverview {
        services: 172,
        life_situations: SITUATIONS
            .into_iter()
            .filter_map(|(id, title, title_en, icon, services)| {
                Some(LifeSituationCard {
                    id: id.parse().ok()?,
                    title: title.to_owned(),
                    title_en: title_en.to_owned(),
                    icon: icon.to_owned(),
                    services,
                })
            })
            .collect(),
        agencies: AGENCIES
            .into_iter()
            .filter_map(|(id, short, title, title_en, level, services)| {
                Some(AgencyCard {
                    id: id.parse().ok()?,
                    short: short.to_owned(),
                    title: title.to_owned(),
                    title_en: title_en.to_owned(),
                    level,
                    services,
                })
            })
            .collect(),
        regions: REGIONS
            .into_iter()
            .filter_map(|(id, title, title_en, municipality, services)| {
                Some(RegionCard {
                    id: id.parse().ok()?,
                    title: title.to_owned(),
                    title_en: title_en.to_owned(),
                    municipality,
                    services,
                })
            })
            .collect(),
    }
}

pub(super) fn services() -> Vec<ServiceDetails> {
    SERVICES.iter().filter_map(service).collect()
}

fn service_row(sample: &Sample) -> Option<ServiceRow> {
    let &(id, title, title_en, agency, days, fee, has_form) = sample;
    Some(ServiceRow {
        id: id.parse().ok()?,
        title: title.to_owned(),
        title_en: title_en.to_owned(),
        agency: agency.to_owned(),
        region: None,
        term: days.map(|days| format!("{days} рабочих дней")),
        fee: fee.map(|roubles| Money::from_kopecks(roubles * 100)),
        has_form,
    })
}

fn service(sample: &Sample) -> Option<ServiceDetails> {
    let row = service_row(sample)?;
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Some(ServiceDetails {
        summary: "Новый документ вместо прежнего: по возрасту, при смене имени, утрате или порче."
            .to_owned(),
        level: Level::Federal,
        agency_title: "Министерство внутренних дел Российской Федерации".to_owned(),
        agency_title_en: "Ministry of Internal Affairs of the Russian Federation".to_owned(),
        audience: vec![Audience::Citizen],
        who: "Граждане России с 14 лет. За ребёнка до 14 лет обращается родитель.".to_owned(),
        result: "Паспорт гражданина Российской Федерации.".to_owned(),
        documents: texts(&[
            "Прежний паспорт, если он есть",
            "Фотография 35 × 45 мм",
            "Свидетельство о браке, о расторжении брака или о перемене имени — если меняется имя",
        ]),
        channels: vec![Channel::Online, Channel::Mfc, Channel::Agency],
        term: row.term.clone().map(|text| Term {
            text,
            working_days: sample.4,
            calendar_days: None,
        }),
        fee: row.fee.map(|sum| FeeView {
            sum,
            text: format!("{sum}, при утрате или порче 1 500 ₽"),
            legal_ground: Some("НК РФ, ст. 333.33, п. 1, пп. 17–18".to_owned()),
        }),
        legal_ground: texts(&[
            "Административный регламент, утверждён приказом МВД России от 16.11.2020 № 773",
        ]),
        source: "приказ МВД России от 16.11.2020 № 773".to_owned(),
        as_of: date(2025, 1, 1),
        draft: None,
        row,
    })
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

pub(super) fn answers() -> Vec<AnswerView> {
    let answer = |title: &str, title_en: &str, text: &str| AnswerView {
        title: title.to_owned(),
        title_en: Some(title_en.to_owned()),
        text: text.to_owned(),
    };
    vec![
        answer(
            "Почему нужен новый паспорт",
            "Why you need a new passport",
            "Паспорт испорчен",
        ),
        answer("Фамилия", "Last name", "Иванова"),
        answer("Имя", "First name", "Мария"),
        answer("Дата рождения", "Date of birth", "14 мая 1990 г."),
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

pub(super) fn form(request: &OpenForm) -> ApplicationForm {
    let profile = [
        ("last_name", "Иванова"),
        ("first_name", "Мария"),
        ("birth_date", "1990-05-14"),
        ("snils", "112-233-445 95"),
        ("phone", "+79001234567"),
    ];
    let correcting = request.application == application_id(0);
    ApplicationForm {
        application: request
            .application
            .or_else(|| application_id(900))
            .expect("the id is well formed"),
        service: request.service.clone(),
        title: SERVICES[0].1.to_owned(),
        title_en: SERVICES[0].2.to_owned(),
        agency: SERVICES[0].3.to_owned(),
        schema: serde_json::from_str(SCHEMA).unwrap_or_default(),
        layout: serde_json::from_str(LAYOUT).unwrap_or_default(),
        answers: profile
            .iter()
            .map(|(property, text)| ((*property).to_owned(), json!(text)))
            .collect(),
        from_profile: profile
            .iter()
            .map(|(property, _)| (*property).to_owned())
            .collect(),
        step: 0,
        correction: correcting.then(correction),
        form_changed: false,
    }
}

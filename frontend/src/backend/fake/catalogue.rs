//! The sample catalogue.

use jiff::civil::date;
use uc_ipc::{
    AgencyCard, CatalogueOverview, FeeView, LifeSituationCard, RegionCard, ServiceDetails,
    ServiceRow,
};
use uc_model::{AccountLevel, Audience, Channel, Level, Marks, Money, Term};

/// Id, title, English title, agency, term in days, fee in roubles, form.
pub(super) type Sample = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<u16>,
    Option<u64>,
    bool,
);

/// The services.
pub(super) const SERVICES: [Sample; 14] = [
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

/// The samples, and so many more like them.
pub(super) fn services(more: usize) -> Vec<ServiceDetails> {
    let samples: Vec<ServiceDetails> = SERVICES.iter().filter_map(service).collect();
    let others = samples.iter().cycle().zip(1..=more);
    let others: Vec<ServiceDetails> = others
        .filter_map(|(sample, number)| another(sample, number))
        .collect();
    samples.into_iter().chain(others).collect()
}

fn another(sample: &ServiceDetails, number: usize) -> Option<ServiceDetails> {
    let mut service = sample.clone();
    service.row.id = format!("{}-{number}", sample.row.id).parse().ok()?;
    service.row.title = format!("{} № {number}", sample.row.title);
    Some(service)
}

pub(super) fn service_row(sample: &Sample) -> Option<ServiceRow> {
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
        marks: Marks::default(),
    })
}

/// Whether one of the names has some words, in small letters.
pub(super) fn has_words(row: &ServiceRow, words: &str) -> bool {
    [&row.title, &row.title_en]
        .iter()
        .any(|title| title.to_lowercase().contains(words))
}

/// The row with the first place of some words, in small letters, marked.
pub(super) fn marked(row: &ServiceRow, words: &str) -> ServiceRow {
    let find = |title: &str| {
        let begin = title.to_lowercase().find(words);
        begin
            .map(|begin| begin..begin + words.len())
            .filter(|place| !place.is_empty())
            .into_iter()
            .collect()
    };
    ServiceRow {
        marks: Marks {
            title: find(&row.title),
            title_en: find(&row.title_en),
        },
        ..row.clone()
    }
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
        account_level: AccountLevel::Confirmed,
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

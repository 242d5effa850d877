//! Catalogues to search: the real one, and services that only sound real.

use std::{fs, path::Path};

use serde::Deserialize;
use uc_model::Audience;
use uc_store::{PublicStore, Service, ServiceName};

#[derive(Deserialize)]
struct ServiceFile {
    id: String,
    title: String,
    title_en: String,
    summary: String,
    agency: String,
    region: Option<String>,
    #[serde(default)]
    life_situations: Vec<String>,
    #[serde(default)]
    keywords: Vec<String>,
    popularity: u8,
    audience: Vec<Audience>,
    result: String,
}

impl ServiceFile {
    fn into_service(self) -> Service {
        Service {
            name: ServiceName {
                id: self.id.parse().unwrap(),
                title: self.title,
                title_en: self.title_en.clone(),
                agency: self.agency.parse().unwrap(),
            },
            region: self.region.map(|region| region.parse().unwrap()),
            term: None,
            fee: None,
            has_form: true,
            popularity: self.popularity,
            audience: self.audience,
            life_situations: self
                .life_situations
                .iter()
                .map(|situation| situation.parse().unwrap())
                .collect(),
            keywords: [self.keywords, vec![self.title_en]].concat(),
            body: format!("{} {}", self.summary, self.result),
            document: "{}".to_owned(),
        }
    }
}

/// The catalogue that the portal ships.
pub(crate) fn real() -> Vec<Service> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    let folder = repository.join("crates/uc-portal/catalogue/services");
    let mut services: Vec<Service> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .map(|text| toml::from_str::<ServiceFile>(&text).unwrap().into_service())
        .collect();
    services.sort_by(|one, other| one.name.id.cmp(&other.name.id));
    services
}

const ACTS: [&str; 20] = [
    "Выдача",
    "Замена",
    "Получение",
    "Оформление",
    "Регистрация",
    "Согласование",
    "Продление",
    "Назначение",
    "Предоставление",
    "Приём заявлений на",
    "Проверка",
    "Аттестация",
    "Постановка на учёт",
    "Снятие с учёта",
    "Переоформление",
    "Аннулирование",
    "Запись на",
    "Утверждение",
    "Подтверждение",
    "Аккредитация",
];
const THINGS: [&str; 32] = [
    "лицензии",
    "справки",
    "разрешения",
    "паспорта объекта",
    "удостоверения ветерана",
    "выписки из реестра",
    "пособия",
    "субсидии",
    "сертификата",
    "земельного участка",
    "рекламной конструкции",
    "маломерного судна",
    "оружия",
    "заключения",
    "карты",
    "договора",
    "жилого помещения",
    "технического плана",
    "водительской медкомиссии",
    "школьного питания",
    "путёвки в лагерь",
    "места в общежитии",
    "налоговой отсрочки",
    "вычета по взносам",
    "свидетельства",
    "дубликата",
    "архивной копии",
    "ордера",
    "пенсии за выслугу",
    "доплаты",
    "компенсации",
    "патента",
];
const FIELDS: [&str; 30] = [
    "для перевозчиков",
    "в области связи",
    "педагогам",
    "медицинским работникам",
    "многодетным семьям",
    "инвалидам",
    "в сфере туризма",
    "на водных объектах",
    "в лесном фонде",
    "для застройщиков",
    "охотникам",
    "рыболовам",
    "спортсменам",
    "студентам",
    "ветеранам труда",
    "для бирж",
    "кредитным организациям",
    "в аптеках",
    "в школах",
    "в детских лагерях",
    "на воздушном транспорте",
    "для музеев",
    "в архивах",
    "нотариусам",
    "оценщикам",
    "страховщикам",
    "садоводам",
    "беженцам",
    "морякам",
    "при переезде",
];

/// `count` services that share words with real ones. The same at every call.
pub(crate) fn synthetic(count: usize) -> impl Iterator<Item = Service> {
    (0..count).map(|number| {
        let pick = |salt: usize, length: usize| (number.wrapping_mul(2_654_435_761 + salt * 97) >> 7) % length;
        let (act, thing, field) = (
            ACTS[pick(1, ACTS.len())],
            THINGS[pick(2, THINGS.len())],
            FIELDS[pick(3, FIELDS.len())],
        );
        let other = THINGS[pick(4, THINGS.len())];
        Service {
            name: ServiceName {
                id: format!("synthetic-{number}").parse().unwrap(),
                title: format!("{act} {thing} {field}, округ {number}"),
                title_en: format!("Synthetic service {number}"),
                agency: format!("agency-{}", number % 400).parse().unwrap(),
            },
            region: None,
            term: Some("10 рабочих дней".to_owned()),
            fee: None,
            has_form: number % 3 == 0,
            popularity: u8::try_from(pick(5, 100)).unwrap(),
            audience: vec![Audience::Citizen],
            life_situations: Vec::new(),
            keywords: vec![
                format!("{thing} {field}"),
                format!("нужна {other}"),
                format!("Synthetic service {number}"),
            ],
            body: format!(
                "{act} {thing} {field} в электронной форме. Заявитель получает {other} и уведомление о решении \
                 ведомства, срок {} дней.",
                number % 60
            ),
            document: format!("{{\"number\":{number},\"text\":\"{}\"}}", "x".repeat(600)),
        }
    })
}

/// Keeps services, 5,000 in a transaction as the app does that fetches all of them.
pub(crate) fn fill(store: &PublicStore, services: impl Iterator<Item = Service>) {
    let mut services = services.peekable();
    while services.peek().is_some() {
        let page: Vec<Service> = services.by_ref().take(5_000).collect();
        store
            .write_blocking(move |tx| tx.update_services(&page))
            .unwrap();
    }
}

//! What is typed into the search (ST-13): any text is a query.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use uc_model::SecretBytes;
use uc_store::{PublicStore, Service, ServiceFilter, ServiceName};

const TITLES: [&str; 6] = [
    "Замена паспорта гражданина РФ",
    "Справка об отсутствии судимости",
    "Запись в детский сад",
    "Выписка из ЕГРН",
    "Декларация 3-НДФЛ",
    "Загранпаспорт на 5 лет",
];

fuzz_target!(|bytes: &[u8]| {
    static STORE: OnceLock<(PublicStore, TempDir)> = OnceLock::new();
    let (store, _) = STORE.get_or_init(open);
    let text = String::from_utf8_lossy(bytes);
    let (query, after) = text
        .split_once('\u{1}')
        .map_or((&*text, None), |(query, after)| (query, Some(after)));
    let page = store
        .read_blocking(|view| view.search_services(query, &ServiceFilter::default(), after, 5));
    if after.is_none() {
        let suggested = store.read_blocking(|view| view.suggest_services(query, 5));
        assert!(suggested.expect("any text is a query").len() <= 5);
        let page = page.expect("any text is a query");
        assert!(page.items.len() <= 5);
        if let Some(next) = page.next {
            let more = store.read_blocking(|view| {
                view.search_services(query, &ServiceFilter::default(), Some(&next), 5)
            });
            more.expect("the next page");
        }
    }
});

fn open() -> (PublicStore, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = PublicStore::open(&folder.path().join("public.db"), &SecretBytes::new([1; 32]))
        .expect("a store");
    let services: Vec<Service> = TITLES
        .iter()
        .enumerate()
        .map(|(number, title)| service(number, title))
        .collect();
    store
        .write_blocking(move |tx| tx.update_services(&services))
        .expect("services");
    (store, folder)
}

fn service(number: usize, title: &str) -> Service {
    Service {
        name: ServiceName {
            id: format!("service-{number}").parse().expect("an id"),
            title: title.to_owned(),
            title_en: "A service".to_owned(),
            agency: "mvd".parse().expect("an id"),
        },
        region: None,
        term: None,
        fee: None,
        has_form: true,
        popularity: 50,
        audience: Vec::new(),
        life_situations: Vec::new(),
        keywords: vec!["несудимость".to_owned()],
        body: title.to_lowercase(),
        document: "{}".to_owned(),
    }
}

//! Stems of one root that the stemmer keeps apart: people search with verbs, services are named with nouns.

/// A family's name, which begins most of its words, and the stems in it.
const FAMILIES: [(&str, &[&str]); 20] = [
    (
        "замен",
        &["зам", "замен", "обм", "обменя", "поменя", "смен"],
    ),
    ("запис", &["запис", "зап", "записа"]),
    ("регистр", &["зарегистрирова", "регистрац", "регистрирова"]),
    ("получ", &["получ", "получа", "получен"]),
    ("выда", &["выда", "выдач"]),
    ("продл", &["продл", "продлева", "продлен"]),
    ("оформ", &["оформ", "оформлен", "оформля"]),
    ("оплат", &["оплат", "оплачива"]),
    ("возвра", &["вернут", "возврат", "возвраща"]),
    ("пропис", &["прописа", "прописк", "прописыва"]),
    ("восстанов", &["восстанов", "восстановлен"]),
    ("исправ", &["исправ", "исправлен"]),
    ("измен", &["измен", "изменен", "изменя"]),
    ("назнач", &["назнач", "назначен"]),
    ("пода", &["пода", "подава", "подач"]),
    ("покупк", &["куп", "купл", "покупк"]),
    ("прода", &["прода", "продава", "продаж"]),
    (
        "строительств",
        &["постро", "стро", "стройк", "строительств"],
    ),
    ("ребенк", &["дет", "детск", "ребенк", "ребенок"]),
    ("утер", &["потер", "потеря", "утер", "утеря", "утрат"]),
];

/// The name of the family that a stem belongs to.
pub(crate) fn of_stem(stem: &str) -> Option<&'static str> {
    FAMILIES
        .iter()
        .find(|(_, stems)| stems.contains(&stem))
        .map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::{super::stems::of_query, *};

    #[test]
    fn verbs_and_nouns_meet() {
        for (verb, noun) in [
            ("заменить", "замена"),
            ("поменять", "замена"),
            ("записаться", "запись"),
            ("зарегистрировать", "регистрация"),
            ("получить", "получение"),
            ("продлить", "продление"),
            ("вернуть", "возврат"),
            ("прописаться", "прописка"),
            ("купить", "покупка"),
            ("дети", "ребёнка"),
            ("потерять", "утеря"),
        ] {
            let family = |word: &str| of_stem(&of_query(word)[0].stem);
            assert!(family(verb).is_some(), "{verb}");
            assert_eq!(family(verb), family(noun), "{verb} {noun}");
        }
    }

    #[test]
    fn a_stem_has_one_family() {
        let mut all: Vec<&str> = FAMILIES
            .iter()
            .flat_map(|(_, stems)| *stems)
            .copied()
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}

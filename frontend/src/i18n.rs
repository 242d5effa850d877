//! Every sentence that people see: Fluent messages of `locales/`, and the words for the contract's enums.

mod dates;
mod wording;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt, rc::Rc};

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use uc_forms::Words;
use uc_ipc::Language;
use unic_langid::LanguageIdentifier;
use yew::prelude::*;

const RU: &str = include_str!("../locales/ru.ftl");
const EN: &str = include_str!("../locales/en.ftl");

/// The name of a message. Made by [`key!`] only, so that a test can find all names that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(pub(crate) &'static str);

/// The name of a message.
macro_rules! key {
    ($key:literal) => {
        $crate::i18n::Key($key)
    };
}
pub(crate) use key;

/// A message in the language of an [`I18n`], with arguments by name: `t!(i18n, "inbox-unread", n = 3_u32)`.
macro_rules! t {
    ($i18n:expr, $key:literal) => {
        $i18n.say($crate::i18n::key!($key))
    };
    ($i18n:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $i18n.say_with(
            $crate::i18n::key!($key),
            &[$((stringify!($name), ::fluent_bundle::FluentValue::from($value))),+],
        )
    };
}
pub(crate) use t;

/// One language's words.
#[derive(Clone)]
pub(crate) struct I18n {
    language: Language,
    bundle: Rc<FluentBundle<FluentResource>>,
}

impl PartialEq for I18n {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

impl fmt::Debug for I18n {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "I18n({:?})", self.language)
    }
}

impl I18n {
    /// The words of a language.
    pub(crate) fn new(language: Language) -> Self {
        let (tag, text) = match language {
            Language::Ru => ("ru", RU),
            Language::En => ("en", EN),
        };
        Self {
            language,
            bundle: Rc::new(bundle(tag, text)),
        }
    }

    /// The language.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// A message without arguments.
    pub(crate) fn say(&self, key: Key) -> AttrValue {
        self.say_with(key, &[])
    }

    /// A message with arguments. A name that no locale has shows nothing; a test keeps that from happening.
    pub(crate) fn say_with(
        &self,
        key: Key,
        arguments: &[(&'static str, FluentValue<'_>)],
    ) -> AttrValue {
        let arguments: FluentArgs<'_> = arguments.iter().cloned().collect();
        let pattern = self
            .bundle
            .get_message(key.0)
            .and_then(|message| message.value());
        let text = pattern.map_or(Cow::Borrowed(""), |pattern| {
            let mut faults = Vec::new();
            self.bundle
                .format_pattern(pattern, Some(&arguments), &mut faults)
        });
        text.into_owned().into()
    }

    /// The text of data that has both languages.
    pub(crate) fn pick<'a>(&self, ru: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::En if !en.is_empty() => en,
            Language::Ru | Language::En => ru,
        }
    }

    /// The text of a form or an agency, whose English may be absent.
    pub(crate) fn pick_or<'a>(&self, ru: &'a str, en: Option<&'a str>) -> &'a str {
        self.pick(ru, en.unwrap_or_default())
    }

    /// A form's words.
    pub(crate) fn words<'a>(&self, words: &'a Words) -> &'a str {
        self.pick_or(&words.ru, words.en.as_deref())
    }

    /// A whole number with thin spaces between thousands.
    #[expect(clippy::unused_self, reason = "both languages of now group alike")]
    pub(crate) fn number(&self, number: impl Into<u64>) -> String {
        let digits = number.into().to_string();
        let mut grouped = String::with_capacity(digits.len() * 2);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push('\u{202f}');
            }
            grouped.push(digit);
        }
        grouped
    }
}

fn bundle(tag: &str, text: &str) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![language]);
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    // A message that stands twice keeps its first text; a test forbids it.
    let _ = bundle.add_resource(resource);
    bundle
}

/// The words of the person's language.
#[hook]
pub(crate) fn use_i18n() -> I18n {
    use_context::<I18n>().expect("every component stands below SessionProvider")
}

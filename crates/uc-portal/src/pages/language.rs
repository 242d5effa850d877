//! The language of a page.

use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};

/// A language that pages are written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Russian.
    #[default]
    Ru,
    /// English.
    En,
}

impl Language {
    /// The first of a list of language tags, in order of preference, that pages are written in.
    #[must_use]
    pub fn first_of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        tags.into_iter().find_map(|tag| {
            match tag
                .trim()
                .split(['-', ';'])
                .next()?
                .to_ascii_lowercase()
                .as_str()
            {
                "ru" => Some(Self::Ru),
                "en" => Some(Self::En),
                _ => None,
            }
        })
    }

    /// From `Accept-Language`, taken in the order in which browsers write it.
    #[must_use]
    pub fn accepted(headers: &HeaderMap) -> Self {
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| Self::first_of(value.split(',')))
            .unwrap_or_default()
    }

    /// The tag for `lang`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_is_taken() {
        for (header, expected) in [
            ("en-GB,en;q=0.9,ru;q=0.8", Language::En),
            ("de,ru;q=0.8", Language::Ru),
            ("de", Language::Ru),
            ("", Language::Ru),
        ] {
            let headers = [(header::ACCEPT_LANGUAGE, header.parse().unwrap())];
            assert_eq!(Language::accepted(&headers.into_iter().collect()), expected);
        }
    }
}

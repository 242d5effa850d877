//! Forms of pages, as a browser sends them.

use std::collections::BTreeMap;

use regex_lite::Regex;
use url::form_urlencoded;

/// What a person types into fields and presses, by name: `("password", …)`, `("action", "allow")`.
pub type Answers = BTreeMap<&'static str, String>;

/// A form that is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where to, relative to its page.
    pub action: String,
    fields: Vec<Tag>,
}

/// A field or a button.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    kind: String,
    name: String,
    value: String,
}

impl Form {
    /// The first form of a page.
    #[must_use]
    pub fn find(page: &str) -> Option<Self> {
        let form = regex(r"(?s)<form\b([^>]*)>(.*?)</form>").captures(page)?;
        let action = attribute(form.get(1)?.as_str(), "action")?;
        let tags = regex(r"<(input|button)\b([^>]*)>");
        let fields = tags.captures_iter(form.get(2)?.as_str());
        Some(Self {
            action,
            fields: fields
                .filter_map(|tag| Tag::read(tag.get(1)?.as_str(), tag.get(2)?.as_str()))
                .collect(),
        })
    }

    /// The body that it sends: hidden fields as they are, the others and the button by what the person answers.
    #[must_use]
    pub fn fill(&self, answers: &Answers) -> Vec<u8> {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for field in &self.fields {
            let answer = answers.get(field.name.as_str());
            match (field.kind.as_str(), answer) {
                ("hidden", _) => body.append_pair(&field.name, &field.value),
                ("submit", Some(pressed)) if *pressed == field.value => {
                    body.append_pair(&field.name, pressed)
                }
                ("submit", _) | (_, None) => continue,
                (_, Some(typed)) => body.append_pair(&field.name, typed),
            };
        }
        body.finish().into_bytes()
    }
}

impl Tag {
    /// A tag without a name sends nothing.
    fn read(element: &str, attributes: &str) -> Option<Self> {
        let usual = if element == "button" {
            "submit"
        } else {
            "text"
        };
        Some(Self {
            kind: attribute(attributes, "type").unwrap_or_else(|| usual.to_owned()),
            name: attribute(attributes, "name")?,
            value: attribute(attributes, "value").unwrap_or_default(),
        })
    }
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let found = regex(&format!(r#"\b{name}="([^"]*)""#)).captures(attributes)?;
    Some(unescape(found.get(1)?.as_str()))
}

/// The characters that templates write as entities; `&amp;` last, so that nothing is read twice.
fn unescape(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#38;", "&"),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    let unescape = |text: String, (entity, letter): (&str, &str)| text.replace(entity, letter);
    entities.into_iter().fold(text.to_owned(), unescape)
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("patterns of this module are well-formed")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<form method="post" action="/login?a=1&amp;b=2">
        <input type="hidden" name="csrf" value="a&#34;b">
        <input id="login" name="login" type="text" value="">
        <button type="submit" name="action" value="allow">Yes</button>
        <button type="submit" name="action" value="deny">No</button></form>"#;

    #[test]
    fn a_form_sends_hidden_fields_answers_and_the_pressed_button() {
        let form = Form::find(PAGE).unwrap();
        assert_eq!(form.action, "/login?a=1&b=2");
        let answers = Answers::from([("login", "anna".to_owned()), ("action", "deny".to_owned())]);
        let body = String::from_utf8(form.fill(&answers)).unwrap();
        assert_eq!(body, "csrf=a%22b&login=anna&action=deny");
    }

    #[test]
    fn a_page_without_a_form_has_none() {
        assert_eq!(Form::find("<p>Done.</p>"), None);
    }
}

//! Fingerprints of values: the same for the same value, however it was written.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// SHA-256 of a value's canonical JSON and of what it was meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of `value`, meant for `purpose`. Values that JSON does not carry count as `null`; ours all are
    /// carried.
    #[must_use]
    pub fn of(purpose: &str, value: &impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        let mut text = String::new();
        write_canonical(&value, &mut text);
        let digest = Sha256::new()
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(text);
        Self(digest.finalize().into())
    }
}

/// JSON without spaces, members by name.
fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| name.as_str());
            text.push('{');
            for (place, (name, value)) in members.into_iter().enumerate() {
                separate(place, text);
                write_scalar(&Value::from(name.as_str()), text);
                text.push(':');
                write_canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                separate(place, text);
                write_canonical(item, text);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            write_scalar(value, text);
        }
    }
}

fn separate(place: usize, text: &mut String) {
    if place > 0 {
        text.push(',');
    }
}

fn write_scalar(value: &Value, text: &mut String) {
    // Writing into a string cannot fail.
    let _ = write!(text, "{value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn app_05_the_order_of_members_does_not_matter() {
        let of =
            |text: &str| Fingerprint::of("body", &serde_json::from_str::<Value>(text).unwrap());
        assert_eq!(
            of(r#"{"a":1,"b":[{"c":2,"d":"x"}]}"#),
            of(r#"{ "b":[{"d":"x","c":2}], "a":1}"#)
        );
        assert_ne!(of(r#"{"a":1}"#), of(r#"{"a":"1"}"#));
        assert_ne!(Fingerprint::of("a", &1), Fingerprint::of("b", &1));
    }
}

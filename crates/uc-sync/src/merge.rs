//! Three-way merging, field by field, of what two devices changed.

use std::collections::BTreeSet;

use serde_json::Value;
use uc_model::Answers;

/// What became of two versions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merged {
    /// The fields. Where both changed one, it is as it was here.
    pub fields: Answers,
    /// What the other version has where both changed a field differently: `null` where it has none.
    pub conflicts: Answers,
}

/// Joins the versions `mine` and `theirs`, which were made of `base`. No change of either side is lost: it is in the fields,
/// or the person decides between the two.
#[must_use]
pub fn merge(base: &Answers, mine: &Answers, theirs: &Answers) -> Merged {
    let names: BTreeSet<&String> = base
        .keys()
        .chain(mine.keys())
        .chain(theirs.keys())
        .collect();
    let mut merged = Merged::default();
    for name in names {
        let (was, here, there) = (base.get(name), mine.get(name), theirs.get(name));
        let kept = if here == was { there } else { here };
        if let Some(value) = kept {
            merged.fields.insert(name.clone(), value.clone());
        }
        if here != was && there != was && here != there {
            let other = there.cloned().unwrap_or(Value::Null);
            merged.conflicts.insert(name.clone(), other);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn answers(fields: &[(&str, &str)]) -> Answers {
        let fields = fields.iter();
        fields
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect()
    }

    #[test]
    fn ob_11_changes_of_different_fields_are_joined() {
        let base = answers(&[("a", "1"), ("b", "1"), ("gone", "1")]);
        let mine = answers(&[("a", "2"), ("b", "1"), ("gone", "1"), ("new", "1")]);
        let theirs = answers(&[("a", "1"), ("b", "3")]);
        let merged = merge(&base, &mine, &theirs);
        assert_eq!(
            merged.fields,
            answers(&[("a", "2"), ("b", "3"), ("new", "1")])
        );
        assert!(merged.conflicts.is_empty());
    }

    #[test]
    fn ob_11_both_versions_of_one_field_are_kept() {
        let base = answers(&[("a", "1"), ("b", "1")]);
        let mine = answers(&[("a", "2"), ("b", "2")]);
        let theirs = answers(&[("a", "3")]);
        let merged = merge(&base, &mine, &theirs);
        assert_eq!(merged.fields, mine);
        assert_eq!(merged.conflicts["a"], "3");
        assert_eq!(merged.conflicts["b"], Value::Null);
    }

    fn any_answers() -> impl Strategy<Value = Answers> {
        prop::collection::btree_map("[a-d]", 0..3_u8, 0..4).prop_map(|fields| {
            fields
                .into_iter()
                .map(|(name, value)| (name, json!(value)))
                .collect()
        })
    }

    proptest! {
        #[test]
        fn ob_11_no_change_of_either_side_is_lost(
            base in any_answers(), mine in any_answers(), theirs in any_answers(),
        ) {
            let merged = merge(&base, &mine, &theirs);
            for name in ["a", "b", "c", "d"] {
                let (was, here, there) = (base.get(name), mine.get(name), theirs.get(name));
                let found = merged.fields.get(name);
                if here != was {
                    prop_assert_eq!(found, here);
                }
                if there != was {
                    let other = merged.conflicts.get(name).map(|other| (!other.is_null()).then_some(other));
                    prop_assert!(found == there || other == Some(there));
                }
                if here == was && there == was {
                    prop_assert_eq!(found, was);
                }
            }
        }

        #[test]
        fn ob_11_two_devices_that_merge_find_the_same_conflicts(
            base in any_answers(), mine in any_answers(), theirs in any_answers(),
        ) {
            let (here, there) = (merge(&base, &mine, &theirs), merge(&base, &theirs, &mine));
            let names = |merged: &Merged| merged.conflicts.keys().cloned().collect::<Vec<_>>();
            prop_assert_eq!(names(&here), names(&there));
            if here.conflicts.is_empty() {
                prop_assert_eq!(here.fields, there.fields);
            }
        }
    }
}

//! Scripts: what an agency does with an application, step by step.

use std::time::Duration;

use serde::Deserialize;

/// What an agency does with an application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Whose applications; `default` for those without a script of their own.
    pub service: String,
    #[serde(rename = "step")]
    steps: Vec<Step>,
}

/// One thing that an agency does.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Minutes of the agencies' clock since the step before, or since the correction that it asked for arrived.
    after_minutes: u32,
    /// What.
    pub action: Action,
    /// The agency's words, Russian.
    pub note: String,
    /// The same in English.
    #[serde(default)]
    pub note_en: Option<String>,
    /// Properties to correct; empty for the whole form.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// What an agency can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Begins to work on it.
    Accept,
    /// Writes to the applicant.
    Message,
    /// Asks for a corrected form and waits for it.
    RequestCorrection,
    /// Decides for the applicant.
    Approve,
    /// Decides against the applicant.
    Refuse,
}

impl Action {
    const fn is_decision(self) -> bool {
        matches!(self, Self::Approve | Self::Refuse)
    }
}

/// Why a script cannot be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScriptFault {
    /// There is no step.
    #[error("there is no step")]
    Empty,
    /// A decision is not the last step, or the last step is none.
    #[error("the last step and no other must be a decision")]
    Decision,
    /// Fields are named where no correction is asked for.
    #[error("fields belong to a request for correction")]
    Fields,
}

impl Script {
    /// Fails unless it comes to exactly one decision.
    pub fn check(&self) -> Result<(), ScriptFault> {
        let (last, before) = self.steps.split_last().ok_or(ScriptFault::Empty)?;
        if !last.action.is_decision() || before.iter().any(|step| step.action.is_decision()) {
            return Err(ScriptFault::Decision);
        }
        let stray = self
            .steps
            .iter()
            .any(|step| step.action != Action::RequestCorrection && !step.fields.is_empty());
        if stray {
            return Err(ScriptFault::Fields);
        }
        Ok(())
    }

    /// The step at a place; the last one beyond the end, so that a script made shorter still decides.
    #[must_use]
    pub fn step(&self, place: u16) -> Option<&Step> {
        self.steps
            .get(usize::from(place))
            .or_else(|| self.steps.last())
    }

    /// How long the agency takes before the step at a place.
    #[must_use]
    pub fn delay(&self, place: u16) -> Duration {
        self.step(place).map_or(Duration::ZERO, Step::delay)
    }

    /// Done when the step at a place was done, in percent.
    #[must_use]
    pub fn progress(&self, place: u16) -> u8 {
        let done = usize::from(place).saturating_add(1).min(self.steps.len());
        u8::try_from(done * 100 / self.steps.len().max(1)).unwrap_or(100)
    }

    /// Every property that a correction is asked for.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.steps
            .iter()
            .flat_map(|step| &step.fields)
            .map(String::as_str)
    }
}

impl Step {
    fn delay(&self) -> Duration {
        Duration::from_secs(u64::from(self.after_minutes) * 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(actions: &[&str]) -> Script {
        let step = |action| {
            format!(
                "[[step]]
after_minutes = 1
action = \"{action}\"
note = \"n\"
"
            )
        };
        let steps = actions.iter().map(step).collect::<Vec<_>>().concat();
        toml::from_str(&format!("service = \"x\"\n{steps}")).unwrap()
    }

    #[test]
    fn a_script_decides_exactly_once_and_last() {
        for (actions, expected) in [
            (&["accept", "approve"][..], Ok(())),
            (&["refuse"], Ok(())),
            (&["accept"], Err(ScriptFault::Decision)),
            (
                &["approve", "message", "refuse"],
                Err(ScriptFault::Decision),
            ),
        ] {
            assert_eq!(script(actions).check(), expected, "{actions:?}");
        }
    }

    #[test]
    fn a_script_made_shorter_still_decides() {
        let script = script(&["accept", "approve"]);
        assert_eq!(script.step(9).unwrap().action, Action::Approve);
        assert_eq!((script.progress(0), script.progress(9)), (50, 100));
    }
}

//! Words for the contract's enums. Every match is complete: a new variant asks for its words here.

use uc_forms::{BrokenRule, Format};
use uc_ipc::{
    ActingName, Action, ApplicationState, AutoLock, IpcError, NextStep, Sensor, SensorFault,
    SignInFault, StateGroup, TextSize, Theme, WeakPasscode,
};
use uc_model::{AccountLevel, ActingFor, Audience, Channel, Level};
use yew::AttrValue;

use super::{I18n, Key, key, t};
use crate::{backend::clock, route::Section};

impl I18n {
    /// A name that somebody acts in, as people say it.
    pub(crate) fn acting_name(&self, name: &ActingName) -> AttrValue {
        match name.number {
            ActingFor::Organisation(_) => name.name.clone().into(),
            ActingFor::Entrepreneur(_) => t!(self, "acting-business", name = name.name.as_str()),
        }
    }

    /// Why something was not done, and what to do about it.
    pub(crate) fn error(&self, error: &IpcError) -> AttrValue {
        match error {
            IpcError::SignInRequired => t!(self, "error-sign-in-required"),
            IpcError::Locked => t!(self, "error-locked"),
            IpcError::WrongPasscode { attempts_left, .. } => {
                t!(self, "error-wrong-passcode", n = i64::from(*attempts_left))
            }
            IpcError::TooManyAttempts { until } => {
                let wait = self.wait(clock::until(*until));
                t!(self, "error-too-many-attempts", wait = wait.as_str())
            }
            IpcError::AttemptsUsedUp => t!(self, "error-attempts-used-up"),
            IpcError::WeakPasscode { fault } => self.weak_passcode(*fault),
            IpcError::SignInFailed { fault } => self.sign_in_fault(*fault),
            IpcError::Offline => t!(self, "error-offline"),
            IpcError::Rejected { faults } => {
                t!(
                    self,
                    "error-rejected",
                    n = i64::try_from(faults.len()).unwrap_or(i64::MAX)
                )
            }
            IpcError::StaleForm => t!(self, "error-stale-form"),
            IpcError::NotFound => t!(self, "error-not-found"),
            IpcError::Conflict => t!(self, "error-conflict"),
            IpcError::UnsentApplications { count } => {
                t!(self, "error-unsent-applications", n = i64::from(*count))
            }
            IpcError::KeyringUnavailable => t!(self, "error-keyring-unavailable"),
            IpcError::SensorFailed { fault } => self.sensor_fault(*fault),
            IpcError::NoSpace => t!(self, "error-no-space"),
            IpcError::VaultDamaged => t!(self, "error-vault-damaged"),
            IpcError::Internal { incident } => {
                t!(self, "error-internal", incident = incident.as_str())
            }
        }
    }

    /// What unlocking by the sensor is called in the settings.
    pub(crate) fn sensor_setting(&self, sensor: Sensor) -> AttrValue {
        self.say(match sensor {
            Sensor::TouchId => key!("settings-sensor-touch-id"),
            Sensor::FaceId => key!("settings-sensor-face-id"),
            Sensor::WindowsHello => key!("settings-sensor-windows-hello"),
            Sensor::Fingerprint => key!("settings-sensor-fingerprint"),
            Sensor::System => key!("settings-sensor-system"),
        })
    }

    /// The button that asks the sensor.
    pub(crate) fn sensor_button(&self, sensor: Sensor) -> AttrValue {
        self.say(match sensor {
            Sensor::TouchId => key!("unlock-touch-id"),
            Sensor::FaceId => key!("unlock-face-id"),
            Sensor::WindowsHello => key!("unlock-windows-hello"),
            Sensor::Fingerprint => key!("unlock-fingerprint"),
            Sensor::System => key!("unlock-system"),
        })
    }

    fn sensor_fault(&self, fault: SensorFault) -> AttrValue {
        self.say(match fault {
            SensorFault::Declined => key!("error-sensor-declined"),
            SensorFault::NotRecognised => key!("error-sensor-not-recognised"),
            SensorFault::Gone => key!("error-sensor-gone"),
            SensorFault::Unavailable => key!("error-sensor-unavailable"),
        })
    }

    /// What is weak about a new passcode.
    pub(crate) fn weak_passcode(&self, fault: WeakPasscode) -> AttrValue {
        self.say(match fault {
            WeakPasscode::Length => key!("weak-length"),
            WeakPasscode::OneDigit => key!("weak-one-digit"),
            WeakPasscode::Run => key!("weak-run"),
            WeakPasscode::Common => key!("weak-common"),
        })
    }

    /// Why a sign-in did not succeed.
    pub(crate) fn sign_in_fault(&self, fault: SignInFault) -> AttrValue {
        self.say(match fault {
            SignInFault::Offline => key!("sign-in-offline"),
            SignInFault::Declined => key!("sign-in-declined"),
            SignInFault::TimedOut => key!("sign-in-timed-out"),
            SignInFault::Cancelled => key!("sign-in-cancelled"),
            SignInFault::NoBrowser => key!("sign-in-no-browser"),
            SignInFault::NoLoopback => key!("sign-in-no-loopback"),
            SignInFault::Untrusted => key!("sign-in-untrusted"),
            SignInFault::Clock => key!("sign-in-clock"),
            SignInFault::Portal => key!("sign-in-portal"),
        })
    }

    /// A size that people read: `640 КБ`, `1,2 МБ`.
    pub(crate) fn bytes(&self, bytes: u64) -> String {
        const MEBIBYTE: u64 = 1024 * 1024;
        if bytes < MEBIBYTE {
            let size = bytes.div_ceil(1024);
            return t!(self, "size-kb", size = size.to_string()).to_string();
        }
        let tenths = bytes * 10 / MEBIBYTE;
        let (whole, rest) = (tenths / 10, tenths % 10);
        let size = if rest == 0 {
            whole.to_string()
        } else {
            format!("{whole}{}{rest}", self.pick(",", "."))
        };
        t!(self, "size-mb", size = size).to_string()
    }

    /// What is wrong with an answer, and how it is mended.
    pub(crate) fn rule(&self, rule: &BrokenRule) -> AttrValue {
        match rule {
            BrokenRule::Required => t!(self, "rule-required"),
            BrokenRule::TooShort { min } => t!(self, "rule-too-short", n = count(*min)),
            BrokenRule::TooLong { max } => t!(self, "rule-too-long", n = count(*max)),
            BrokenRule::Pattern => t!(self, "rule-pattern"),
            BrokenRule::Format(format) => self.say(shape_key(*format)),
            BrokenRule::CheckDigits(format) => {
                let name = self.say(name_key(*format));
                t!(self, "rule-check-digits", name = name.as_str())
            }
            BrokenRule::Minimum { min } => t!(self, "rule-minimum", min = min.to_string()),
            BrokenRule::Maximum { max } => t!(self, "rule-maximum", max = max.to_string()),
            BrokenRule::NotAChoice => t!(self, "rule-not-a-choice"),
            BrokenRule::NotConfirmed => t!(self, "rule-not-confirmed"),
            BrokenRule::WrongType => t!(self, "rule-wrong-type"),
            BrokenRule::FileKind => t!(self, "rule-file-kind"),
            BrokenRule::FileEmpty => t!(self, "rule-file-empty"),
            BrokenRule::FileTooLarge { max } => {
                t!(self, "rule-file-too-large", max = self.bytes(*max as u64))
            }
            BrokenRule::FileDamaged => t!(self, "rule-file-damaged"),
            BrokenRule::FileNoRoom => t!(self, "rule-file-no-room"),
            BrokenRule::FileAbsent => t!(self, "rule-file-absent"),
            BrokenRule::TwoAnswers => t!(self, "rule-two-answers"),
            BrokenRule::Unknown => t!(self, "rule-unknown"),
        }
    }

    /// An application's state, in a word or two.
    pub(crate) fn state(&self, state: &ApplicationState) -> AttrValue {
        self.say(match state {
            ApplicationState::Draft => key!("state-draft"),
            ApplicationState::Queued { .. } => key!("state-queued"),
            ApplicationState::Sending => key!("state-sending"),
            ApplicationState::Unknown => key!("state-unknown"),
            ApplicationState::Returned => key!("state-returned"),
            ApplicationState::Registered => key!("state-registered"),
            ApplicationState::InProgress => key!("state-in-progress"),
            ApplicationState::NeedsCorrection => key!("state-needs-correction"),
            ApplicationState::Approved => key!("state-approved"),
            ApplicationState::Refused => key!("state-refused"),
            ApplicationState::Cancelled => key!("state-cancelled"),
        })
    }

    /// What comes next, in a sentence.
    pub(crate) fn next_step(&self, step: NextStep) -> AttrValue {
        self.say(match step {
            NextStep::FinishDraft => key!("next-finish-draft"),
            NextStep::WaitForNetwork => key!("next-wait-for-network"),
            NextStep::WaitForAnswer => key!("next-wait-for-answer"),
            NextStep::Mend => key!("next-mend"),
            NextStep::WaitForAgency => key!("next-wait-for-agency"),
            NextStep::WaitForDecision => key!("next-wait-for-decision"),
            NextStep::Correct => key!("next-correct"),
            NextStep::Nothing => key!("next-nothing"),
        })
    }

    /// What may be done, on its button.
    pub(crate) fn action(&self, action: Action) -> AttrValue {
        self.say(match action {
            Action::Continue => key!("action-continue"),
            Action::Correct => key!("action-correct"),
            Action::Cancel => key!("action-cancel"),
        })
    }

    /// A group of states.
    pub(crate) fn group(&self, group: StateGroup) -> AttrValue {
        self.say(match group {
            StateGroup::Drafts => key!("group-drafts"),
            StateGroup::Active => key!("group-active"),
            StateGroup::NeedsYou => key!("group-needs-you"),
            StateGroup::Finished => key!("group-finished"),
        })
    }

    /// A section of the navigation.
    pub(crate) fn section(&self, section: Section) -> AttrValue {
        self.say(match section {
            Section::Home => key!("nav-home"),
            Section::Catalogue => key!("nav-catalogue"),
            Section::Requests => key!("nav-requests"),
            Section::Inbox => key!("nav-inbox"),
            Section::Settings => key!("nav-settings"),
        })
    }

    /// A way to get a service.
    pub(crate) fn channel(&self, channel: Channel) -> AttrValue {
        self.say(match channel {
            Channel::Online => key!("channel-online"),
            Channel::Mfc => key!("channel-mfc"),
            Channel::Agency => key!("channel-agency"),
            Channel::Post => key!("channel-post"),
        })
    }

    /// What an account must be; nothing where any does.
    pub(crate) fn account_needed(&self, level: AccountLevel) -> Option<AttrValue> {
        match level {
            AccountLevel::Simplified => None,
            AccountLevel::Standard => Some(self.say(key!("account-needed-standard"))),
            AccountLevel::Confirmed => Some(self.say(key!("account-needed-confirmed"))),
        }
    }

    /// Who may use a service.
    pub(crate) fn audience(&self, audience: Audience) -> AttrValue {
        self.say(match audience {
            Audience::Citizen => key!("audience-citizen"),
            Audience::Entrepreneur => key!("audience-entrepreneur"),
            Audience::Organisation => key!("audience-organisation"),
        })
    }

    /// Who answers for a service.
    pub(crate) fn level(&self, level: Level) -> AttrValue {
        self.say(match level {
            Level::Federal => key!("level-federal"),
            Level::Regional => key!("level-regional"),
            Level::Municipal => key!("level-municipal"),
        })
    }

    /// The same of one service.
    pub(crate) fn service_level(&self, level: Level) -> AttrValue {
        self.say(match level {
            Level::Federal => key!("service-level-federal"),
            Level::Regional => key!("service-level-regional"),
            Level::Municipal => key!("service-level-municipal"),
        })
    }

    /// Colours.
    pub(crate) fn theme(&self, theme: Theme) -> AttrValue {
        self.say(match theme {
            Theme::System => key!("theme-system"),
            Theme::Light => key!("theme-light"),
            Theme::Dark => key!("theme-dark"),
            Theme::HighContrast => key!("theme-high-contrast"),
        })
    }

    /// A size of text.
    pub(crate) fn text_size(&self, size: TextSize) -> AttrValue {
        self.say(match size {
            TextSize::Normal => key!("text-size-100"),
            TextSize::Large => key!("text-size-125"),
            TextSize::Larger => key!("text-size-150"),
            TextSize::Largest => key!("text-size-200"),
        })
    }

    /// After how long the client locks itself.
    pub(crate) fn auto_lock(&self, auto_lock: AutoLock) -> AttrValue {
        let minutes = i64::try_from(auto_lock.as_secs() / 60).unwrap_or(i64::MAX);
        t!(self, "wait-minutes", n = minutes)
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What a text of the format looks like.
fn shape_key(format: Format) -> Key {
    match format {
        Format::Date => key!("shape-date"),
        Format::Email => key!("shape-email"),
        Format::Snils => key!("shape-snils"),
        Format::InnPerson => key!("shape-inn-person"),
        Format::InnOrganisation => key!("shape-inn-organisation"),
        Format::Ogrn => key!("shape-ogrn"),
        Format::Phone => key!("shape-phone"),
        Format::PassportRf => key!("shape-passport"),
        Format::PassportDivisionCode => key!("shape-passport-division"),
        Format::PostalCode => key!("shape-postal-code"),
        Format::OmsPolicy => key!("shape-oms-policy"),
        Format::BankAccount => key!("shape-bank-account"),
        Format::Bik => key!("shape-bik"),
        Format::Vin => key!("shape-vin"),
        Format::CadastralNumber => key!("shape-cadastral-number"),
    }
}

/// The short name of a format that has check digits; of the others, a word for any number.
fn name_key(format: Format) -> Key {
    match format {
        Format::Snils => key!("name-snils"),
        Format::InnPerson | Format::InnOrganisation => key!("name-inn"),
        Format::Ogrn => key!("name-ogrn"),
        Format::Date
        | Format::Email
        | Format::Phone
        | Format::PassportRf
        | Format::PassportDivisionCode
        | Format::PostalCode
        | Format::OmsPolicy
        | Format::BankAccount
        | Format::Bik
        | Format::Vin
        | Format::CadastralNumber => key!("name-number"),
    }
}

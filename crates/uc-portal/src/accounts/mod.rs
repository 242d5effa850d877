//! Persons and how they prove who they are: what is compared, what is counted, and what is known of a browser.

mod agreement;
mod device;
mod factor;
mod http;
mod limits;
mod means;
mod new_password;
mod notice;
mod passkey;
mod password;
mod peer;
mod recovery_code;
mod second_step;
mod sent_code;
mod totp;

pub use agreement::Agreement;
pub use device::{Device, DeviceId, DeviceName, NamedDevice, SeenDevice, system_of_browser};
pub use factor::{Factor, Factors};
pub(crate) use http::router;
pub use limits::{Allowance, Subject, Tally};
pub use means::{FirstStep, Means, Trust};
pub use new_password::{WeakPassword, judge_password};
pub use notice::{
    of_decision, of_ended_sessions, of_new_device, of_new_email, of_recovered_password,
};
pub use passkey::Passkeys;
pub(crate) use password::known_device;
pub use password::{RecogniseError, Recognised, Visit, confirm, recognise};
pub use peer::{CoarseAddress, CountedAddress, Peer};
pub use recovery_code::{CODES, RecoveryCode, StoredCode, make_recovery_codes};
pub use second_step::{Checked, check_factor, check_passkey};
pub use sent_code::{
    CodeAddress, CodePurpose, CodeSlot, SendingAllowance, SendingSubject, send_code, send_no_code,
    send_to_nobody,
};
pub use totp::{OneTimeCode, SECRET_BYTES, Step, TotpSecret};

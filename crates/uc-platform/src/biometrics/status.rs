//! What the systems' codes say to a person.

use uc_core::ports::SensorFault;

/// `errSecItemNotFound`: also what an item is that belonged to other fingers.
#[cfg(any(test, target_vendor = "apple"))]
pub(super) const NOT_FOUND: i32 = -25300;

/// Of the Keychain: `SecBase.h`.
#[cfg(any(test, target_vendor = "apple"))]
pub(super) const fn of_keychain(code: i32) -> SensorFault {
    match code {
        NOT_FOUND => SensorFault::Gone,
        // errSecUserCanceled
        -128 => SensorFault::Declined,
        // errSecAuthFailed: also after the last try of a row.
        -25293 => SensorFault::NotRecognised,
        _ => SensorFault::Unavailable,
    }
}

/// Of Windows Hello: `Windows.Security.Credentials.KeyCredentialStatus`.
#[cfg(any(test, windows))]
pub(super) const fn of_key_credential(status: i32) -> SensorFault {
    match status {
        // NotFound: Hello was set up anew.
        2 => SensorFault::Gone,
        // UserCanceled, UserPrefersPassword
        3 | 4 => SensorFault::Declined,
        // SecurityDeviceLocked: too many wrong tries.
        6 => SensorFault::NotRecognised,
        _ => SensorFault::Unavailable,
    }
}

/// Of Android's prompt, as Tauri's plugin names its codes. A key of the store that another enrolment made useless has an
/// empty name there.
#[must_use]
pub fn of_biometric_prompt(code: Option<&str>) -> SensorFault {
    match code {
        Some("userCancel" | "systemCancel") => SensorFault::Declined,
        Some("authenticationFailed" | "biometryLockout") => SensorFault::NotRecognised,
        Some("" | "biometryNotEnrolled" | "passcodeNotSet") => SensorFault::Gone,
        Some(_) | None => SensorFault::Unavailable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lk_07_codes_of_the_systems_lead_to_the_passcode_or_to_another_try() {
        for (code, fault) in [
            (-25300, SensorFault::Gone),
            (-128, SensorFault::Declined),
            (-25293, SensorFault::NotRecognised),
            // errSecMissingEntitlement: an unsigned program.
            (-34018, SensorFault::Unavailable),
        ] {
            assert_eq!(of_keychain(code), fault, "{code}");
        }
        for (status, fault) in [
            (1, SensorFault::Unavailable),
            (2, SensorFault::Gone),
            (3, SensorFault::Declined),
            (4, SensorFault::Declined),
            (5, SensorFault::Unavailable),
            (6, SensorFault::NotRecognised),
        ] {
            assert_eq!(of_key_credential(status), fault, "{status}");
        }
        for (code, fault) in [
            (Some("userCancel"), SensorFault::Declined),
            (Some("biometryLockout"), SensorFault::NotRecognised),
            (Some(""), SensorFault::Gone),
            (Some("biometryNotEnrolled"), SensorFault::Gone),
            (Some("biometryNotAvailable"), SensorFault::Unavailable),
            (None, SensorFault::Unavailable),
        ] {
            assert_eq!(of_biometric_prompt(code), fault, "{code:?}");
        }
    }
}

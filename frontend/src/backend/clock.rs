//! The device's clock and its offset from universal time.

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::Offset};
use js_sys::Date;
use wasm_bindgen::JsValue;

/// The present instant by the device's clock.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds of this age fit by far"
    )]
    let milliseconds = Date::now() as i64;
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What a clock on the wall of this device showed, or will show, at an instant.
pub(crate) fn local(at: Timestamp) -> DateTime {
    #[expect(
        clippy::cast_precision_loss,
        reason = "milliseconds of this age are exact in a double"
    )]
    let date = Date::new(&JsValue::from_f64(at.as_millisecond() as f64));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an offset is less than a day of minutes"
    )]
    let minutes_behind = date.get_timezone_offset() as i32;
    let offset = Offset::from_seconds(-minutes_behind * 60).unwrap_or(Offset::UTC);
    offset.to_datetime(at)
}

/// How long until an instant; zero when it is past.
pub(crate) fn until(at: Timestamp) -> SignedDuration {
    at.duration_since(now()).max(SignedDuration::ZERO)
}

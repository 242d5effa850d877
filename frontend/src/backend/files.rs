//! Files that a person chose in the browser's own dialog.

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, HtmlInputElement};

/// The file that was chosen, taken out of the field, so that the same one can be chosen again.
pub(crate) fn take_chosen(input: &HtmlInputElement) -> Option<File> {
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// Bytes of a file.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole numbers below 2⁵³"
)]
pub(crate) fn size(file: &File) -> u64 {
    file.size() as u64
}

/// Bytes of a file from `start` on, `length` at most; none where it cannot be read any more.
#[expect(clippy::cast_precision_loss, reason = "whole numbers below 2⁵³")]
pub(crate) async fn read(file: &File, start: u64, length: usize) -> Option<Vec<u8>> {
    let end = start + length as u64;
    let piece = file.slice_with_f64_and_f64(start as f64, end as f64).ok()?;
    let buffer = JsFuture::from(piece.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

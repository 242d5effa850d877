//! QR codes, drawn by the portal itself: nothing is loaded, no script draws.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

/// Modules around a code that stay light (ISO/IEC 18004 §5.3.8).
const QUIET: usize = 4;

/// A QR code as SVG draws it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QrCode {
    /// Modules of a side, the quiet zone included.
    pub(crate) side: usize,
    /// The dark modules as the data of one path.
    pub(crate) path: String,
}

/// The text is longer than a QR code holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too long for a QR code")]
pub(crate) struct TooLong;

impl QrCode {
    /// The code of a text.
    pub(crate) fn of(text: &str) -> Result<Self, TooLong> {
        let code = QRBuilder::new(text)
            .ecl(ECL::M)
            .build()
            .map_err(|_| TooLong)?;
        let mut path = String::new();
        for y in 0..code.size {
            for x in (0..code.size).filter(|x| code[y][*x].value()) {
                // Writing into a string cannot fail.
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        Ok(Self {
            side: code.size + 2 * QUIET,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees of the drawn path, four pixels a module.
    fn read(code: &QrCode) -> String {
        let mut dark = vec![false; code.side * code.side];
        for start in code.path.split('M').skip(1) {
            let (x, rest) = start.split_once(' ').unwrap();
            let y = rest.strip_suffix("h1v1h-1z").unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            dark[y * code.side + x] = true;
        }
        let pixels = code.side * 4;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(pixels, pixels, |x, y| {
            if dark[y / 4 * code.side + x / 4] {
                0
            } else {
                255
            }
        });
        let grids = image.detect_grids();
        grids[0].decode().unwrap().1
    }

    #[test]
    fn auth_03_a_drawn_code_is_read_as_what_it_says() {
        for text in [
            "otpauth://totp/a",
            "Единый клиент",
            &"otpauth://totp/%D0%95?secret=GEZDGNBVGY3TQOJQ&".repeat(4),
        ] {
            assert_eq!(read(&QrCode::of(text).unwrap()), text);
        }
        assert_eq!(QrCode::of(&"я".repeat(3000)), Err(TooLong));
    }
}

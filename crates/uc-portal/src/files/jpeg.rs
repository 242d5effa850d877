//! The parts of a JPEG (ITU-T T.81, annex B).
//!
//! Ours, because the crates that part a JPEG take all that follows the first scan as one piece, and that is where cameras
//! put second pictures, films and their places.

use super::FileFault;

/// Start of scan.
pub(super) const SOS: u8 = 0xda;
const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const PREFIX: u8 = 0xff;

/// A marker with its segment, and a scan with its picture's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) marker: u8,
    pub(super) bytes: &'a [u8],
}

/// What of a JPEG is still to be read.
pub(super) struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    /// Of a file that begins as a JPEG.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self(bytes.get(2..).unwrap_or_default())
    }

    /// The next part; none at the end that the picture names.
    pub(super) fn next_part(&mut self) -> Result<Option<Part<'a>>, FileFault> {
        self.skip_filling();
        let &[PREFIX, marker, ref rest @ ..] = self.0 else {
            return Err(FileFault::Damaged);
        };
        match marker {
            EOI => return Ok(None),
            // TEM and restarts stand alone and have no place between segments; nor has a picture in the picture.
            0x00 | 0x01 | 0xd0..=SOI => return Err(FileFault::Damaged),
            _ => {}
        }
        let end = 2 + segment(rest).ok_or(FileFault::Damaged)?;
        let end = match marker {
            SOS => end + scanned(&self.0[end..]).ok_or(FileFault::Damaged)?,
            _ => end,
        };
        let (bytes, rest) = self.0.split_at(end);
        self.0 = rest;
        Ok(Some(Part { marker, bytes }))
    }

    /// Any marker may have any number of these before it (B.1.1.2).
    fn skip_filling(&mut self) {
        while let [PREFIX, PREFIX, ..] = self.0 {
            self.0 = &self.0[1..];
        }
    }
}

/// Bytes of a segment, which begins with their number.
fn segment(rest: &[u8]) -> Option<usize> {
    let size = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
    (2..=rest.len()).contains(&size).then_some(size)
}

/// Bytes up to the next marker that is no restart; in the data a 0 follows each 0xFF (B.1.1.5).
fn scanned(data: &[u8]) -> Option<usize> {
    data.windows(2)
        .position(|pair| pair[0] == PREFIX && !matches!(pair[1], 0 | 0xd0..=0xd7))
}

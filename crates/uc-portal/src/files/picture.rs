//! What is kept of pictures.

use std::io::Cursor;

use img_parts::{Bytes, png::Png};

use super::{FileFault, jpeg};

const SOI: [u8; 2] = [0xff, 0xd8];
const EOI: [u8; 2] = [0xff, 0xd9];
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP14: u8 = 0xee;
const APP15: u8 = 0xef;
const COM: u8 = 0xfe;

/// Points on a side, and in all: a page of A3 at 600 dots an inch has 70 million, one of A4 half of it.
const MAX_SIDE: usize = 20_000;
const MAX_POINTS: usize = 80_000_000;

/// Chunks of a PNG that make up the picture (PNG third edition, §11.2, §11.3.2); `pHYs` is its resolution.
const PNG_CHUNKS: [&[u8; 4]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"bKGD",
    b"hIST", b"pHYs", b"cICP",
];

/// A JPEG without comments and application data, but for what decoders need and which way is up; nothing after its end.
pub(super) fn clean_jpeg(bytes: &[u8]) -> Result<Vec<u8>, FileFault> {
    check_size(bytes)?;
    let mut kept = SOI.to_vec();
    if let Some(way) = way_up(bytes) {
        kept.extend(turned(way));
    }
    let mut parts = jpeg::Parts::of(bytes);
    let mut has_scan = false;
    while let Some(part) = parts.next_part()? {
        if is_picture(part.marker) {
            kept.extend(part.bytes);
        }
        has_scan |= part.marker == jpeg::SOS;
    }
    kept.extend(EOI);
    has_scan.then_some(kept).ok_or(FileFault::Damaged)
}

/// JFIF's and Adobe's data say how colours are to be read.
const fn is_picture(marker: u8) -> bool {
    match marker {
        APP0 | APP14 => true,
        APP1..=APP15 | COM => false,
        _ => true,
    }
}

/// Which way a camera was held (Exif 2.32, tag 0x0112), where it was not upright.
fn way_up(bytes: &[u8]) -> Option<u16> {
    let exif = exif::Reader::new()
        .read_from_container(&mut Cursor::new(bytes))
        .ok()?;
    let field = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?;
    let way = u16::try_from(field.value.get_uint(0)?).ok()?;
    (2..=8).contains(&way).then_some(way)
}

/// An APP1 segment: Exif with that one field, a TIFF header, a directory of one entry, and no other.
fn turned(way: u16) -> Vec<u8> {
    let mut exif =
        b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend(way.to_be_bytes());
    exif.extend([0; 6]);
    exif
}

/// A PNG without texts, times, profiles and Exif.
pub(super) fn clean_png(bytes: &[u8]) -> Result<Vec<u8>, FileFault> {
    check_size(bytes)?;
    let mut png = Png::from_bytes(Bytes::copy_from_slice(bytes)).map_err(|_| FileFault::Damaged)?;
    png.chunks_mut()
        .retain(|chunk| PNG_CHUNKS.contains(&&chunk.kind()));
    if png.chunk_by_type(*b"IDAT").is_none() {
        return Err(FileFault::Damaged);
    }
    Ok(png.encoder().bytes().to_vec())
}

/// Whoever opens it will need memory for all its points.
fn check_size(bytes: &[u8]) -> Result<(), FileFault> {
    let size = imagesize::blob_size(bytes).map_err(|_| FileFault::Damaged)?;
    let fits = size.width <= MAX_SIDE
        && size.height <= MAX_SIDE
        && size.width.saturating_mul(size.height) <= MAX_POINTS;
    if size.width == 0 || size.height == 0 {
        Err(FileFault::Damaged)
    } else if fits {
        Ok(())
    } else {
        Err(FileFault::TooManyPoints)
    }
}

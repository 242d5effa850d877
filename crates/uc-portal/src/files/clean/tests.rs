use super::*;

const PHOTO: &[u8] = include_bytes!("picture-with-place.jpg");
const DRAWING: &[u8] = include_bytes!("picture-with-text.png");
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

fn has(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|part| part == words)
}

fn orientation(bytes: &[u8]) -> Option<u32> {
    let exif = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(bytes));
    let exif = exif.ok()?;
    assert_eq!(exif.fields().count(), 1);
    exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?
        .value
        .get_uint(0)
}

#[test]
fn sv_04_a_photo_loses_all_but_the_picture_and_which_way_up_it_is() {
    assert!(has(PHOTO, b"Markerova"));
    let cleaned = clean(PHOTO).unwrap();
    assert_eq!(cleaned.kind, FileKind::Jpeg);
    assert!(!has(&cleaned.bytes, b"Markerova") && !has(&cleaned.bytes, b"GPS"));
    assert_eq!(orientation(&cleaned.bytes), Some(6));
    let size = imagesize::blob_size(&cleaned.bytes).unwrap();
    assert_eq!((size.width, size.height), (16, 8));
    // What was cleaned stays as it is.
    assert_eq!(clean(&cleaned.bytes).unwrap(), cleaned);
}

#[test]
fn sv_04_a_drawing_loses_its_texts() {
    assert!(has(DRAWING, b"Markerova"));
    let cleaned = clean(DRAWING).unwrap();
    assert_eq!(cleaned.kind, FileKind::Png);
    assert!(!has(&cleaned.bytes, b"Markerova") && !has(&cleaned.bytes, b"eXIf"));
    assert_eq!(clean(&cleaned.bytes).unwrap(), cleaned);
}

#[test]
fn sv_04_nothing_that_follows_a_picture_is_kept() {
    let more = b"\xff\xd8\xff\xe1 a second picture <html><script>alert(1)</script>PK\x03\x04";
    for picture in [PHOTO, DRAWING] {
        let polyglot = [picture, more].concat();
        assert_eq!(clean(&polyglot), clean(picture));
    }
}

#[test]
fn sv_04_nothing_is_kept_between_the_scans_of_a_photo() {
    let end = PHOTO.len() - 2;
    let comment = b"\xff\xfe\0\x0bMarkerova";
    let scan = [&PHOTO[..end], comment.as_slice(), &PHOTO[end..]].concat();
    assert_eq!(clean(&scan), clean(PHOTO));
    let restart = [&PHOTO[..end], b"\xff\xd0".as_slice(), &PHOTO[end..]].concat();
    assert!(has(&clean(&restart).unwrap().bytes, b"\xff\xd0\xff\xd9"));
}

#[test]
fn sv_04_other_files_are_not_taken() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let nested = [b"PK\x03\x04".as_slice(), &[0; 64]].concat();
    for (file, fault) in [
        (b"".as_slice(), FileFault::Empty),
        (svg, FileFault::WrongKind),
        (&nested, FileFault::WrongKind),
        (b"GIF89a\x01\0\x01\0", FileFault::WrongKind),
        (b"<!doctype html><script>", FileFault::WrongKind),
        (b"MZ\x90\0", FileFault::WrongKind),
        (b"\n%PDF-1.7\n%%EOF", FileFault::WrongKind),
        (b"%PDF-1.7\nno end", FileFault::Damaged),
        (&PHOTO[..40], FileFault::Damaged),
        (&DRAWING[..20], FileFault::Damaged),
        (b"\xff\xd8\xff\xe0", FileFault::Damaged),
        (&PHOTO[..PHOTO.len() - 1], FileFault::Damaged),
        (b"\x89PNG\r\n\x1a\n", FileFault::Damaged),
    ] {
        assert_eq!(clean(file).unwrap_err(), fault, "{file:?}");
    }
    assert_eq!(
        clean(&vec![0xff; MAX_FILE_BYTES + 1]).unwrap_err(),
        FileFault::TooLarge
    );
    assert_eq!(clean(PDF).unwrap().bytes, PDF);
}

#[test]
fn sv_04_a_small_file_of_a_huge_picture_is_not_taken() {
    // Fifty thousand points on each side, said in the header of a few hundred bytes.
    let mut drawing = DRAWING.to_vec();
    drawing[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
    assert_eq!(clean(&drawing).unwrap_err(), FileFault::TooManyPoints);
    drawing[16..24].copy_from_slice(&[0; 8]);
    assert_eq!(clean(&drawing).unwrap_err(), FileFault::Damaged);
}

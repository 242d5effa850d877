//! Files that answer questions of a form: taken in parts, kept in the vault when whole.

use sha2::{Digest as _, Sha256};
use uc_forms::{BrokenRule, FieldFault};
use uc_ipc::{AttachFile, FileProgress, IpcError, MAX_PART_BYTES};
use uc_model::{ApplicationId, Attachment, ContentHash, FileKind, MAX_FILE_BYTES, MAX_FILE_NAME};
use zeroize::Zeroizing;

use crate::Core;

/// A file of which not all parts have come. One at a time: beginning another gives it up.
pub(crate) struct Attaching {
    application: ApplicationId,
    property: String,
    size: usize,
    bytes: Zeroizing<Vec<u8>>,
}

/// Takes a part; the last one makes the file whole and keeps it.
pub(crate) async fn attach_file(
    core: &Core,
    request: AttachFile,
) -> Result<FileProgress, IpcError> {
    let (application, property) = (request.application, request.property.clone());
    let name = plain_name(&request.name);
    let refuse = |rule| IpcError::Rejected {
        faults: vec![FieldFault {
            property: property.clone(),
            rule,
        }],
    };
    let whole = match take_part(&mut core.desk.attaching(), request) {
        Ok(Taken::Part(received)) => {
            return Ok(FileProgress {
                received,
                attachment: None,
            });
        }
        Ok(Taken::Whole(bytes)) => bytes,
        Err(Refused::Rule(rule)) => return Err(refuse(rule)),
        Err(Refused::OutOfOrder) => return Err(IpcError::Conflict),
    };
    let attachment = Attachment {
        file: ContentHash(Sha256::digest(&*whole).into()),
        name,
        size: whole.len() as u64,
    };
    keep(core, application, property, attachment.file, whole).await?;
    Ok(FileProgress {
        received: attachment.size,
        attachment: Some(attachment),
    })
}

async fn keep(
    core: &Core,
    application: ApplicationId,
    property: String,
    file: ContentHash,
    bytes: Zeroizing<Vec<u8>>,
) -> Result<(), IpcError> {
    let is_on_its_way = core
        .look(move |view| view.find_outbox_row(application))
        .await?;
    if is_on_its_way.is_some() {
        return Err(IpcError::Conflict);
    }
    core.keep(move |tx| tx.attach(application, &property, file, &bytes))
        .await
}

enum Taken {
    /// So many bytes are here.
    Part(u64),
    Whole(Zeroizing<Vec<u8>>),
}

#[derive(Debug)]
enum Refused {
    Rule(BrokenRule),
    /// It does not follow what came before: the file is to be given again from its beginning.
    OutOfOrder,
}

fn take_part(place: &mut Option<Attaching>, request: AttachFile) -> Result<Taken, Refused> {
    let part = request.part.0;
    if request.start == 0 {
        *place = Some(begin(
            request.application,
            request.property,
            request.size,
            &part,
        )?);
    } else if !place.as_ref().is_some_and(|so_far| {
        so_far.application == request.application
            && so_far.property == request.property
            && so_far.bytes.len() as u64 == request.start
    }) {
        return Err(Refused::OutOfOrder);
    }
    let so_far = place.as_mut().ok_or(Refused::OutOfOrder)?;
    let fits = !part.is_empty()
        && part.len() <= MAX_PART_BYTES
        && so_far.bytes.len() + part.len() <= so_far.size;
    if !fits {
        *place = None;
        return Err(Refused::OutOfOrder);
    }
    so_far.bytes.extend_from_slice(&part);
    if so_far.bytes.len() < so_far.size {
        return Ok(Taken::Part(so_far.bytes.len() as u64));
    }
    Ok(place
        .take()
        .map_or(Taken::Part(0), |whole| Taken::Whole(whole.bytes)))
}

/// What can be told from the first part is told before the others are asked for.
fn begin(
    application: ApplicationId,
    property: String,
    size: u64,
    part: &[u8],
) -> Result<Attaching, Refused> {
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size == 0 {
        return Err(Refused::Rule(BrokenRule::FileEmpty));
    }
    if size > MAX_FILE_BYTES {
        return Err(Refused::Rule(BrokenRule::FileTooLarge {
            max: MAX_FILE_BYTES,
        }));
    }
    if FileKind::of(part).is_none() {
        return Err(Refused::Rule(BrokenRule::FileKind));
    }
    Ok(Attaching {
        application,
        property,
        size,
        // All room at once: a vector that grows leaves copies behind.
        bytes: Zeroizing::new(Vec::with_capacity(size)),
    })
}

/// The last part of a path, without what steers a terminal or turns a line of text around (CWE-451).
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .take(MAX_FILE_NAME)
        .collect();
    if plain.trim().is_empty() {
        "—".to_owned()
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use uc_ipc::FilePart;
    use uuid::Uuid;

    use super::*;

    const PDF: &[u8] = b"%PDF-1.7 and so on";

    fn part(start: usize, end: usize) -> AttachFile {
        AttachFile {
            application: ApplicationId::new(Uuid::from_u128(1)),
            property: "scan".to_owned(),
            name: "скан.pdf".to_owned(),
            size: PDF.len() as u64,
            start: start as u64,
            part: FilePart(PDF[start..end].to_vec()),
        }
    }

    fn rule(request: AttachFile) -> Option<BrokenRule> {
        match take_part(&mut None, request) {
            Err(Refused::Rule(rule)) => Some(rule),
            Err(Refused::OutOfOrder) | Ok(_) => None,
        }
    }

    #[test]
    fn ob_15_parts_in_their_order_make_a_whole_file() {
        let mut place = None;
        assert!(matches!(
            take_part(&mut place, part(0, 9)),
            Ok(Taken::Part(9))
        ));
        let Ok(Taken::Whole(whole)) = take_part(&mut place, part(9, PDF.len())) else {
            panic!("not whole")
        };
        assert_eq!(*whole, PDF);
        assert!(place.is_none());
    }

    #[test]
    fn ob_15_a_part_out_of_order_is_refused_and_the_file_begins_anew() {
        let mut place = None;
        assert!(matches!(
            take_part(&mut place, part(9, 12)),
            Err(Refused::OutOfOrder)
        ));
        take_part(&mut place, part(0, 9)).unwrap();
        assert!(matches!(
            take_part(&mut place, part(8, 12)),
            Err(Refused::OutOfOrder)
        ));
        let mut beyond = part(9, PDF.len());
        beyond.part.0.push(0);
        assert!(matches!(
            take_part(&mut place, beyond),
            Err(Refused::OutOfOrder)
        ));
        assert!(place.is_none());
    }

    #[test]
    fn sv_04_what_is_not_taken_is_told_by_the_first_part() {
        let empty = AttachFile {
            size: 0,
            part: FilePart(Vec::new()),
            ..part(0, 9)
        };
        assert_eq!(rule(empty), Some(BrokenRule::FileEmpty));
        let large = AttachFile {
            size: MAX_FILE_BYTES as u64 + 1,
            ..part(0, 9)
        };
        assert_eq!(
            rule(large),
            Some(BrokenRule::FileTooLarge {
                max: MAX_FILE_BYTES
            })
        );
        let page = AttachFile {
            part: FilePart(b"<html>".to_vec()),
            ..part(0, 9)
        };
        assert_eq!(rule(page), Some(BrokenRule::FileKind));
    }

    #[test]
    fn sv_04_a_name_is_plain() {
        assert_eq!(plain_name("папка/скан 1.pdf"), "скан 1.pdf");
        assert_eq!(plain_name(r"C:\secret\a.pdf"), "a.pdf");
        assert_eq!(plain_name("a\u{202e}gpj.exe\n"), "agpj.exe");
        assert_eq!(plain_name("../ "), "—");
        assert_eq!(plain_name(&"я".repeat(500)).chars().count(), MAX_FILE_NAME);
    }
}

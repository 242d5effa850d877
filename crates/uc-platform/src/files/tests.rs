use super::*;

fn folder() -> (tempfile::TempDir, ProfileFolder) {
    let temp = tempfile::tempdir().expect("a folder");
    let folder = ProfileFolder::open(&temp.path().join("профиль с пробелом")).expect("a profile");
    (temp, folder)
}

#[test]
fn small_files_are_replaced_as_a_whole_and_wiped() {
    let (_temp, folder) = folder();
    let file = ProfileFile::KeyBundle;
    assert_eq!(folder.find(file).unwrap(), None);
    folder.replace(file, b"first").unwrap();
    folder.replace(file, b"second").unwrap();
    assert_eq!(folder.find(file).unwrap().as_deref(), Some(&b"second"[..]));
    folder.wipe(file).unwrap();
    folder.wipe(file).unwrap();
    assert_eq!(folder.find(file).unwrap(), None);
}

#[test]
fn st_11_a_profile_belongs_to_one_process() {
    let (_temp, held) = folder();
    let second = ProfileFolder::open(&held.folder);
    assert!(matches!(second, Err(FilesError::InUse)));
    let path = held.folder.clone();
    drop(held);
    assert!(ProfileFolder::open(&path).is_ok());
}

#[test]
fn a_temporary_folder_goes_with_its_session_or_at_the_next_start() {
    let (_temp, folder) = folder();
    let temporary = folder.temporary().unwrap();
    let path = temporary.path(ProfileFile::Vault);
    temporary.replace(ProfileFile::Vault, b"x").unwrap();
    assert!(path.starts_with(&folder.folder) && path.exists());
    drop(temporary);
    assert!(!path.exists());

    let left = folder.temporary().unwrap();
    left.replace(ProfileFile::Vault, b"x").unwrap();
    let (place, root) = (left.path(ProfileFile::Vault), folder.folder.clone());
    std::mem::forget(left);
    drop(folder);
    let _again = ProfileFolder::open(&root).unwrap();
    assert!(!place.exists());
}

#[cfg(unix)]
#[test]
fn st_12_files_are_the_owners_alone_and_planted_links_are_not_followed() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (temp, folder) = folder();
    folder.replace(ProfileFile::KeyBundle, b"x").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path(ProfileFile::KeyBundle)), 0o600);
    assert_eq!(mode(&folder.folder), 0o700);

    let outside = temp.path().join("outside");
    fs::write(&outside, b"precious").unwrap();
    let planted = folder.path(ProfileFile::Attempts);
    symlink(&outside, &planted).unwrap();
    assert!(folder.find(ProfileFile::Attempts).is_err());
    folder.wipe(ProfileFile::Attempts).unwrap();
    symlink(&outside, &planted).unwrap();
    folder.replace(ProfileFile::Attempts, b"1").unwrap();
    assert_eq!(fs::read(&outside).unwrap(), b"precious");
}

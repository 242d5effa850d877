//! Steps 7 and 8: a wrong passcode, and a device that keeps nothing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{PIN, Run};
use crate::{
    Failure, Result, ensure, keyring,
    markers::{Markers, Search},
    page::Page,
    process::output_of,
    wait,
};

const WRONG_PIN: &str = "582918";
const PLANTED: &str = "planted";

/// Two wrong passcodes are refused; a restart does not forget them; the right one still opens.
pub(super) async fn wrong_passcode(run: &mut Run) -> Result<String> {
    let page = run.window()?.page().clone();
    picture_of_the_lock(run, &page).await?;
    page.click("lock").await?;
    page.see("pin-input").await?;
    let before = attempts_left(run).await?;
    for wrong in 1..=2 {
        page.tab_to("pin-input").await?;
        page.retype(WRONG_PIN).await?;
        page.press(Key::Enter).await?;
        page.see_css("[data-testid=pin-input][aria-invalid=true]", wait::SOON)
            .await?;
        let left = attempts_left(run).await?;
        ensure(
            left + wrong == before,
            format!("{left} of {before} tries are left after {wrong} wrong ones"),
        )?;
    }
    page.see("attempts-left").await?;
    run.take_picture_as_is("07-wrong-pin").await?;
    run.kill_app().await?;
    run.open_app().await?;
    run.window()?.page().see("pin-input").await?;
    let kept = attempts_left(run).await?;
    ensure(
        kept + 2 == before,
        format!("{kept} of {before} tries are left after a restart"),
    )?;
    run.unlock().await?;
    Ok(format!("{kept} of {before} tries left, also after a kill"))
}

async fn picture_of_the_lock(run: &Run, page: &Page) -> Result<()> {
    let lock = async || {
        page.click("lock").await?;
        page.see("pin-input").await.map(drop)
    };
    let unlock = async || run.unlock().await;
    run.gallery
        .take_hidden(&run.desktop, run.window()?, "07-locked", (lock, unlock))
        .await
}

async fn attempts_left(run: &Run) -> Result<u64> {
    let session = run.window()?.invoke("open_session", json!({})).await?;
    session["phase"]["attempts_left"]
        .as_u64()
        .ok_or_else(|| Failure::Unmet("the app is not locked".into()))
}

/// Before the sign-out every marker is in the vault, and planted ones are found; after it none is.
pub(super) async fn sign_out(run: &mut Run) -> Result<String> {
    let citizen = &run.citizen;
    let phone = citizen.phone.trim_start_matches('+').to_owned();
    let own = [Some(phone), citizen.email.clone(), citizen.snils.clone()];
    let markers = run.markers.clone().and(own.into_iter().flatten());
    every_marker_is_in_the_vault(run).await?;
    planted_markers_are_found(run, &markers)?;
    let sealed = search(run, &markers)?;
    ensure(
        sealed.found.is_empty(),
        format!("readable while signed in: {:?}", sealed.found),
    )?;
    let (slots, device) = (items_named(run, "session")?, items_named(run, "device")?);
    ensure(
        !slots.is_empty() && device.len() == 1,
        format!(
            "the keyring holds {} session slots and {} device keys",
            slots.len(),
            device.len()
        ),
    )?;
    let old_copy = run.desktop.path("copy-before");
    run.kill_app().await?;
    copy(&run.profile(), &old_copy)?;
    run.open_app().await?;
    run.unlock().await?;
    leave(run).await?;
    nothing_is_left(run, &markers)?;
    ensure(
        items_named(run, "device")? != device,
        "the device's key outlives the sign-out",
    )?;
    let new_copy = run.desktop.path("copy-after");
    copy(&run.profile(), &new_copy)?;
    for stolen in [new_copy, old_copy] {
        does_not_open(run, &stolen).await?;
    }
    Ok(format!(
        "{} markers, {} files, {} kB searched; {} session slots gone, device key changed",
        markers.words().len(),
        sealed.files,
        sealed.bytes / 1024,
        slots.len()
    ))
}

async fn every_marker_is_in_the_vault(run: &Run) -> Result<()> {
    let details = run
        .window()?
        .invoke("open_application", json!({ "application": run.first }))
        .await?;
    let found = run
        .markers
        .search_bytes(details.to_string().as_bytes())
        .len();
    let all = run.markers.words().len();
    ensure(
        found == all,
        format!("the vault holds {found} of {all} markers"),
    )
}

/// The search finds what is there, in every kind of place.
fn planted_markers_are_found(run: &Run, markers: &Markers) -> Result<()> {
    let marker = &markers.words()[0];
    for folder in searched(run) {
        let file = folder.join(PLANTED);
        fs::write(&file, format!("…{marker}…"))?;
        let found = search(run, markers)?.found.len();
        fs::remove_file(&file)?;
        ensure(
            found == 1,
            format!(
                "a marker planted in {} was found {found} times",
                folder.display()
            ),
        )?;
    }
    let mut store = run.desktop.command("sh");
    store.args([
        "-c",
        "printf %s \"$1\" | secret-tool store --label=planted uc planted",
        "-",
        marker,
    ]);
    output_of(store)?;
    let found = in_keyring(run, markers)?;
    let mut clear = run.desktop.command("secret-tool");
    clear.args(["clear", "uc", PLANTED]);
    output_of(clear)?;
    ensure(
        found.len() == 1,
        format!(
            "a marker planted in the keyring was found {} times",
            found.len()
        ),
    )
}

async fn leave(run: &Run) -> Result<()> {
    let page = run.window()?.page();
    page.click("nav-settings").await?;
    run.take_picture("08-settings").await?;
    page.click("sign-out").await?;
    page.see("sign-out-confirm").await?;
    run.take_picture("08-sign-out").await?;
    page.click("sign-out-confirm").await?;
    page.click("to-sign-in").await?;
    page.see("sign-in").await?;
    run.take_picture("08-signed-out").await
}

fn nothing_is_left(run: &Run, markers: &Markers) -> Result<()> {
    let search = search(run, markers)?;
    ensure(
        search.found.is_empty(),
        format!("readable after the sign-out: {:?}", search.found),
    )?;
    let told = in_keyring(run, markers)?;
    ensure(told.is_empty(), format!("the keyring still tells {told:?}"))?;
    let vault = personal_files(&run.profile())?;
    ensure(
        vault.is_empty(),
        format!("still there after the sign-out: {vault:?}"),
    )?;
    let slots = items_named(run, "session")?;
    ensure(
        slots.is_empty(),
        format!("{} session slots are still in the keyring", slots.len()),
    )
}

/// Stores copied by a thief and put in their old place do not open with the right passcode.
async fn does_not_open(run: &mut Run, stolen: &Path) -> Result<()> {
    run.close_app().await?;
    fs::remove_dir_all(run.profile())?;
    copy(stolen, &run.profile())?;
    run.open_app().await?;
    let window = run.window()?;
    window.page().see_css("body", wait::SOON).await?;
    let answer = window
        .invoke("unlock", json!({ "by": "passcode", "passcode": PIN }))
        .await;
    let session: Value = window.invoke("open_session", json!({})).await?;
    ensure(
        answer.is_err() && session["phase"]["phase"] != "open",
        format!("{} opens with the right PIN", stolen.display()),
    )
}

/// Everything that the app, its web view or its libraries may write to.
fn searched(run: &Run) -> Vec<PathBuf> {
    [
        "profile", "home", "tmp", "config", "data", "cache", "state", "runtime",
    ]
    .iter()
    .map(|name| run.desktop.path(name))
    .collect()
}

fn search(run: &Run, markers: &Markers) -> Result<Search> {
    let mut places = searched(run);
    places.push(run.desktop.logs().join("window.log"));
    let places: Vec<&Path> = places.iter().map(PathBuf::as_path).collect();
    markers.search_files(&places)
}

fn in_keyring(run: &Run, markers: &Markers) -> Result<Vec<String>> {
    let items = keyring::items(&run.desktop)?;
    Ok(items
        .iter()
        .flat_map(|item| markers.search_bytes(item.contents.as_bytes()))
        .map(ToOwned::to_owned)
        .collect())
}

/// The app's items of a kind: the names are in the attributes.
fn items_named(run: &Run, name: &str) -> Result<Vec<keyring::Item>> {
    let mut items = keyring::items(&run.desktop)?;
    items.retain(|item| {
        let mut values = item.attributes.iter().map(|(_, value)| value.as_str());
        values.any(|value| {
            let own = value.rsplit('/').next().unwrap_or(value);
            own.split('.').next() == Some(name)
        })
    });
    Ok(items)
}

/// Files of the vault and the key bundle; an empty lock file says nothing.
fn personal_files(profile: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(profile)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            found.extend(personal_files(&path)?);
        } else if (name.contains("vault") || name.contains("bundle")) && !is_empty_lock(&path)? {
            found.push(path);
        }
    }
    Ok(found)
}

fn is_empty_lock(path: &Path) -> Result<bool> {
    Ok(path.extension().is_some_and(|kind| kind == "lock") && fs::metadata(path)?.len() == 0)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

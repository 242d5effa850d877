//! Plans without deeds, and no state that nobody owns.

use super::PLANNING;
use crate::lint::Fault;
use crate::lint::rust_source::RustSource;
use crate::lint::tree::{TextFile, Tree};

/// Crates whose only use is to do something.
const DOERS: &[&str] = &[
    "tokio",
    "reqwest",
    "hyper",
    "axum",
    "rusqlite",
    "keyring",
    "keyring-core",
    "notify-rust",
    "tauri",
];

/// Words that do something or ask the time.
const DEEDS: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::env",
    "std::io::std",
    "tokio::",
    "reqwest::",
    "Timestamp::now",
    "Zoned::now",
    "SystemTime",
    "Instant::now",
    "rand::rng(",
    "OsRng",
    "SysRng",
    "println!",
];

/// 2. Plans are made from what is handed in; the time is a parameter.
pub(super) fn plans_do_nothing(tree: &Tree) -> Vec<Fault> {
    PLANNING
        .iter()
        .flat_map(|name| doers(tree, name).into_iter().chain(deeds(tree, name)))
        .collect()
}

fn doers(tree: &Tree, name: &str) -> Vec<Fault> {
    let Some(package) = tree.package(name) else {
        return Vec::new();
    };
    DOERS
        .iter()
        .filter(|doer| package.direct.contains(**doer))
        .map(|doer| {
            Fault::new(
                &package.folder,
                format!("invariant 2: {name} does no I/O, but takes {doer}"),
            )
        })
        .collect()
}

fn deeds(tree: &Tree, name: &str) -> Vec<Fault> {
    let folder = format!("crates/{name}/src/");
    tree.product_code(&folder)
        .flat_map(|file| find(file, DEEDS, "invariant 2: plans do no"))
        .collect()
}

/// 6. What is shared is built in `main` and passed down.
pub(super) fn nothing_is_global(tree: &Tree) -> Vec<Fault> {
    let macros = ["static mut ", "lazy_static!", "thread_local!"];
    let mut faults = Vec::new();
    for file in tree.product_code("") {
        faults.extend(find(file, &macros, "invariant 6: no"));
        let lines = file.rust.words.lines().enumerate();
        faults.extend(
            lines
                .filter(|(_, line)| is_mutable_static(line))
                .map(|(at, line)| {
                    Fault::new(file.place(at + 1), format!("invariant 6: {}", line.trim()))
                }),
        );
    }
    faults
}

fn is_mutable_static(line: &str) -> bool {
    let cells = [
        "Mutex<",
        "RwLock<",
        "Atomic",
        "OnceLock<",
        "LazyLock<",
        "OnceCell<",
        "LazyCell<",
        "RefCell<",
    ];
    let line = line.trim_start();
    let item = [
        "static ",
        "pub static ",
        "pub(crate) static ",
        "pub(super) static ",
    ];
    item.iter().any(|start| line.starts_with(start)) && cells.iter().any(|cell| line.contains(cell))
}

fn find(file: &TextFile, needles: &[&str], rule: &str) -> Vec<Fault> {
    needles
        .iter()
        .flat_map(|needle| {
            RustSource::lines_with(&file.rust.words, needle).map(move |line| {
                Fault::new(file.place(line), format!("{rule} `{}`", needle.trim()))
            })
        })
        .collect()
}

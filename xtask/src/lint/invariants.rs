//! The invariants of ARCHITECTURE.md, over `cargo metadata` and the source.

mod boundaries;
mod purity;

pub(crate) use boundaries::serializable;

use super::Fault;
use super::metadata::Package;
use super::tree::Tree;

#[cfg(test)]
mod tests;

/// What crosses a boundary.
const CONTRACTS: &[&str] = &["uc-model", "uc-ipc", "uc-forms"];
/// The interface.
const FRONTEND: &str = "uc-frontend";
/// Crates that plan and do nothing.
const PLANNING: &[&str] = &["uc-auth", "uc-sync", "uc-notify"];
/// Crates that only `uc-core` may join.
const APART: &[&str] = &["uc-auth", "uc-store", "uc-sync", "uc-notify"];

/// Everything that breaks one of the seven.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let all: [fn(&Tree) -> Vec<Fault>; 7] = [
        contracts_are_light,
        purity::plans_do_nothing,
        parts_do_not_know_each_other,
        boundaries::each_thing_has_one_place,
        boundaries::core_types_stay_inside,
        purity::nothing_is_global,
        portal_and_core_share_contracts_only,
    ];
    all.iter().flat_map(|invariant| invariant(tree)).collect()
}

/// 1. What crosses a boundary compiles anywhere, and the interface is built on nothing else of ours.
fn contracts_are_light(tree: &Tree) -> Vec<Fault> {
    let heavy = ["tokio", "tauri", "yew", "reqwest", "rusqlite"];
    let mut faults: Vec<_> = CONTRACTS
        .iter()
        .flat_map(|name| linked(tree, name, &heavy, "invariant 1: a contract stays light"))
        .collect();
    let ours = tree.packages.iter().map(|package| package.name.as_str());
    let inner: Vec<_> = ours
        .filter(|name| *name != FRONTEND && !CONTRACTS.contains(name))
        .collect();
    let rule = "invariant 1: the interface knows contracts alone";
    faults.extend(linked(tree, FRONTEND, &inner, rule));
    faults
}

/// 3. Only the core joins what it is made of.
fn parts_do_not_know_each_other(tree: &Tree) -> Vec<Fault> {
    let others = |name: &str| {
        APART
            .iter()
            .filter(|other| **other != name)
            .copied()
            .collect::<Vec<_>>()
    };
    APART
        .iter()
        .flat_map(|name| {
            linked(
                tree,
                name,
                &others(name),
                "invariant 3: only uc-core joins them",
            )
        })
        .collect()
}

/// 7. Portal and core meet in the contract alone; the rules of forms may be shared too.
fn portal_and_core_share_contracts_only(tree: &Tree) -> Vec<Fault> {
    let shared = ["uc-portal-api", "uc-model", "uc-forms"];
    let (Some(core), Some(portal)) = (tree.package("uc-core"), tree.package("uc-portal")) else {
        return vec![Fault::new(
            "Cargo.toml",
            "invariant 7: uc-core and uc-portal are members",
        )];
    };
    let foreign = |name: &&String| {
        name.starts_with("uc-")
            && !shared.contains(&name.as_str())
            && (core.linked.contains(*name) || **name == core.name)
    };
    let mut faults: Vec<_> = portal
        .linked
        .iter()
        .filter(foreign)
        .map(|name| {
            Fault::new(
                &portal.folder,
                format!("invariant 7: shares {name} with uc-core"),
            )
        })
        .collect();
    faults.extend(linked(
        tree,
        "uc-core",
        &["uc-portal"],
        "invariant 7: the core knows no portal",
    ));
    faults.extend(linked(
        tree,
        "uc-shell",
        &["uc-portal"],
        "invariant 7: the app holds no portal",
    ));
    faults
}

/// One fault for each forbidden package that is linked with `name`.
fn linked(tree: &Tree, name: &str, forbidden: &[&str], rule: &str) -> Vec<Fault> {
    let Some(package) = tree.package(name) else {
        return vec![Fault::new(
            "Cargo.toml",
            format!("{rule}: {name} is no member"),
        )];
    };
    let found = |package: &Package, dependency: &str| package.linked.contains(dependency);
    forbidden
        .iter()
        .filter(|dependency| found(package, dependency))
        .map(|dependency| Fault::new(&package.folder, format!("{rule}, but links {dependency}")))
        .collect()
}

//! `cargo metadata`, read down to what the rules ask.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{process, workspace};

/// A package of the workspace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its folder below the root, with `/`.
    pub(crate) folder: String,
    /// What its manifest names for the program itself: neither for tests nor for build scripts.
    pub(crate) direct: BTreeSet<String>,
    /// All that is linked with it, directly or not.
    pub(crate) linked: BTreeSet<String>,
    /// Its features and what they switch on.
    pub(crate) features: BTreeMap<String, Vec<String>>,
}

/// Asks cargo about the workspace.
pub(crate) fn read() -> Result<Vec<Package>> {
    let json = process::output(workspace::cargo().args(["metadata", "--format-version", "1"]))?;
    parse(&serde_json::from_str(&json)?)
}

/// Reads cargo's answer.
pub(crate) fn parse(metadata: &Value) -> Result<Vec<Package>> {
    let root = metadata["workspace_root"]
        .as_str()
        .context("no workspace root")?
        .replace('\\', "/");
    let graph = Graph::read(metadata);
    let members = strings(&metadata["workspace_members"]);
    let packages = metadata["packages"].as_array().context("no packages")?;
    Ok(packages
        .iter()
        .filter(|package| {
            package["id"]
                .as_str()
                .is_some_and(|id| members.contains(id))
        })
        .map(|package| read_package(package, &root, &graph))
        .collect())
}

fn read_package(package: &Value, root: &str, graph: &Graph) -> Package {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let manifest = text("manifest_path").replace('\\', "/");
    let folder = manifest.trim_start_matches(root).trim_start_matches('/');
    Package {
        name: text("name"),
        folder: folder.trim_end_matches("/Cargo.toml").to_owned(),
        direct: direct(package),
        linked: graph.linked(&text("id")),
        features: features(package),
    }
}

fn direct(package: &Value) -> BTreeSet<String> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    let normal = all.filter(|dependency| dependency["kind"].is_null());
    normal
        .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
        .collect()
}

fn features(package: &Value) -> BTreeMap<String, Vec<String>> {
    let all = package["features"].as_object().into_iter().flatten();
    all.map(|(name, on)| (name.clone(), strings(on).into_iter().collect()))
        .collect()
}

fn strings(value: &Value) -> BTreeSet<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// Who is linked with whom, by package id.
struct Graph {
    names: BTreeMap<String, String>,
    edges: BTreeMap<String, Vec<String>>,
}

impl Graph {
    fn read(metadata: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let packages = metadata["packages"].as_array().into_iter().flatten();
        let nodes = metadata["resolve"]["nodes"]
            .as_array()
            .into_iter()
            .flatten();
        Self {
            names: packages
                .map(|package| (text(&package["id"]), text(&package["name"])))
                .collect(),
            edges: nodes
                .map(|node| (text(&node["id"]), normal_edges(node)))
                .collect(),
        }
    }

    fn linked(&self, id: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![id.to_owned()];
        while let Some(next) = open.pop() {
            for dependency in self.edges.get(&next).into_iter().flatten() {
                if seen.insert(dependency.clone()) {
                    open.push(dependency.clone());
                }
            }
        }
        seen.iter()
            .filter_map(|id| self.names.get(id).cloned())
            .collect()
    }
}

fn normal_edges(node: &Value) -> Vec<String> {
    let is_normal = |edge: &Value| {
        let kinds = edge["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    };
    let edges = node["deps"].as_array().into_iter().flatten();
    edges
        .filter(|edge| is_normal(edge))
        .filter_map(|edge| edge["pkg"].as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn linked_packages_are_followed_and_those_of_tests_are_not() {
        let edge = |id: &str, kind| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let metadata = json!({
            "workspace_root": "/src",
            "workspace_members": ["a"],
            "packages": [
                { "id": "a", "name": "a", "manifest_path": "/src/crates/a/Cargo.toml",
                  "features": { "default": ["fast"] },
                  "dependencies": [{ "name": "b", "kind": null }, { "name": "d", "kind": "dev" }] },
                { "id": "b", "name": "b" }, { "id": "c", "name": "c" }, { "id": "d", "name": "d" },
            ],
            "resolve": { "nodes": [
                { "id": "a", "deps": [edge("b", json!(null)), edge("d", json!("dev"))] },
                { "id": "b", "deps": [edge("c", json!(null))] },
            ]},
        });
        let packages = parse(&metadata).unwrap();
        assert_eq!(packages.len(), 1);
        assert_eq!(packages[0].folder, "crates/a");
        assert_eq!(packages[0].direct.iter().collect::<Vec<_>>(), ["b"]);
        assert_eq!(packages[0].linked.iter().collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(packages[0].features["default"], ["fast"]);
    }
}

//! What lies in the desktop's keyring, read as any program of the same person can read it.

use crate::{Result, desktop::Desktop, process::output_of};

/// An item of the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its path on the bus.
    pub path: String,
    /// Names and values it is found by.
    pub attributes: Vec<(String, String)>,
    /// Label, attributes, dates and secret, as `secret-tool` prints them.
    pub contents: String,
}

impl Item {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }
}

/// All items of all collections.
pub fn items(desktop: &Desktop) -> Result<Vec<Item>> {
    let mut found: Vec<Item> = Vec::new();
    for collection in paths(
        desktop,
        "/org/freedesktop/secrets",
        "Service",
        "Collections",
    )? {
        for path in paths(desktop, &collection, "Collection", "Items")? {
            // Aliases lead to a collection a second time.
            if !found.iter().any(|item| item.path == path) {
                found.push(read(desktop, path)?);
            }
        }
    }
    Ok(found)
}

fn read(desktop: &Desktop, path: String) -> Result<Item> {
    let attributes = pairs(&property(desktop, &path, "Item", "Attributes")?);
    let mut command = desktop.command("secret-tool");
    command.args(["search", "--all", "--unlock"]);
    for (name, value) in &attributes {
        command.args([name, value]);
    }
    Ok(Item {
        contents: output_of(command)?,
        path,
        attributes,
    })
}

fn paths(desktop: &Desktop, path: &str, interface: &str, name: &str) -> Result<Vec<String>> {
    Ok(quoted(&property(desktop, path, interface, name)?))
}

fn property(desktop: &Desktop, path: &str, interface: &str, name: &str) -> Result<String> {
    let interface = format!("org.freedesktop.Secret.{interface}");
    let mut command = desktop.command("gdbus");
    command.args(["call", "--session", "--dest", "org.freedesktop.secrets"]);
    command.args(["--object-path", path]);
    command.args(["--method", "org.freedesktop.DBus.Properties.Get"]);
    command.args([&interface, name]);
    output_of(command)
}

/// `{'name': 'value', …}` as pairs.
fn pairs(text: &str) -> Vec<(String, String)> {
    let words = quoted(text);
    words
        .chunks_exact(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

/// The texts between single quotes.
fn quoted(text: &str) -> Vec<String> {
    text.split('\'')
        .skip(1)
        .step_by(2)
        .map(ToOwned::to_owned)
        .collect()
}

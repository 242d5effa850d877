//! The icon sprite: the icons of `frontend/styles/icons.txt`, cut from lucide-static.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use anyhow::{Context, Result};

use crate::packages::Packages;

/// Where the wanted icons are listed, one name a line.
pub(crate) const LIST: &str = "frontend/styles/icons.txt";

/// An invisible `<svg>` with one `<symbol id="icon-…">` an icon. It goes into the page itself: `<use>` across files is
/// not dependable under custom schemes.
pub(crate) fn sprite(root: &Path, packages: &Packages) -> Result<String> {
    let mut sprite = String::from(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" aria-hidden="true" class="sprite">"#,
    );
    for name in wanted(root)? {
        let icon = packages.text(&format!("lucide-static/icons/{name}.svg"))?;
        let shapes = shapes(&icon).with_context(|| format!("icon {name}"))?;
        write!(
            sprite,
            r#"<symbol id="icon-{name}" viewBox="0 0 24 24">{shapes}</symbol>"#
        )?;
    }
    sprite.push_str("</svg>");
    Ok(sprite)
}

fn wanted(root: &Path) -> Result<BTreeSet<String>> {
    let list = fs::read_to_string(root.join(LIST)).context(LIST)?;
    Ok(list
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect())
}

/// What stands between the root's tags, on one line.
fn shapes(icon: &str) -> Option<String> {
    let (_, after) = icon.split_once("<svg")?;
    let (_, inner) = after.split_once('>')?;
    let (inner, _) = inner.split_once("</svg>")?;
    Some(inner.lines().map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_cut_out() {
        let icon =
            "<!-- x --><svg\n class=\"a\"\n>\n  <path d=\"M1\" />\n  <circle r=\"1\" />\n</svg>";
        assert_eq!(shapes(icon).unwrap(), r#"<path d="M1" /><circle r="1" />"#);
    }

    #[test]
    fn cat_01_every_life_situation_has_its_icon() {
        let root = crate::workspace_root().unwrap();
        let wanted = wanted(&root).unwrap();
        let path = root.join("crates/uc-portal/catalogue/life-situations.toml");
        let table: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
        let situations = table["life_situation"].as_array().unwrap();
        assert!(situations.len() >= 12);
        for situation in situations {
            let icon = situation["icon"].as_str().unwrap();
            assert!(wanted.contains(icon), "{icon} is not in {LIST}");
        }
    }
}

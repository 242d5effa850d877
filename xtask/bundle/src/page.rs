//! The page that loads everything.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

/// What the template's places are filled with: names of assets, and the sprite itself.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    /// The script that starts the program.
    pub(crate) boot: &'a str,
    /// The script it imports.
    pub(crate) glue: &'a str,
    /// The module.
    pub(crate) wasm: &'a str,
    /// The style sheet.
    pub(crate) style: &'a str,
    /// The product's mark.
    pub(crate) mark: &'a str,
    /// The icons.
    pub(crate) sprite: &'a str,
}

impl Page<'_> {
    /// Fills the template; every place must be known.
    pub(crate) fn fill(&self, template: &Path) -> Result<String> {
        let template =
            fs::read_to_string(template).with_context(|| template.display().to_string())?;
        let page = template
            .replace("{{boot}}", self.boot)
            .replace("{{glue}}", self.glue)
            .replace("{{wasm}}", self.wasm)
            .replace("{{style}}", self.style)
            .replace("{{mark}}", self.mark)
            .replace("{{sprite}}", self.sprite);
        ensure!(!page.contains("{{"), "the template has an unknown place");
        Ok(page)
    }
}

/// A script of its own, because the content security policy allows no inline one.
pub(crate) fn boot_script(glue: &str, wasm: &str) -> String {
    format!(
        "import start from \"./{glue}\";\nawait start({{ module_or_path: new URL(\"./{wasm}\", import.meta.url) }});\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wv_03_the_page_has_no_inline_script_or_style() {
        let template = crate::workspace_root().unwrap().join("frontend/index.html");
        let page = fs::read_to_string(template).unwrap();
        assert!(!page.contains("<style"));
        assert!(!page.contains("style="));
        for script in page.split("<script").skip(1) {
            assert!(script.starts_with(" type=\"module\" src="), "{script}");
        }
    }
}

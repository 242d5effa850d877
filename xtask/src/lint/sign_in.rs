//! Sign-in keeps its checks: no switch that weakens one is used (RP-26), and the provider's page never stands in a
//! window of ours (RP-24).

use super::Fault;
use super::rust_source::RustSource;
use super::tree::{TextFile, Tree};

/// Switches of openidconnect, reqwest, rustls and jsonwebtoken that turn a check off.
const SWITCHES: &[&str] = &[
    "insecure_disable_signature_check",
    "insecure_disable_signature_validation",
    "insecure_decode",
    "allow_any_alg",
    "danger_accept_invalid_certs",
    "danger_accept_invalid_hostnames",
    "with_custom_certificate_verifier",
];

/// Ways to show a foreign page in a window of ours.
const WINDOWS: &[&str] = &[
    "WebviewUrl::External",
    "WebviewUrl::CustomProtocol",
    ".navigate(",
    ".set_href(",
    ".open_with_url",
    "window.open(",
];

/// Where a window or the document can be reached at all.
const SCREENS: &[&str] = &["src-tauri/src/", "frontend/src/"];

/// Checks that are switched off, and windows that could show the provider's page.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let code = tree.files.iter().filter(|file| file.is_rust());
    code.filter(|file| !file.path.starts_with("xtask/src/lint/"))
        .flat_map(|file| {
            switched_off(file)
                .chain(shown_inside(file))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn switched_off(file: &TextFile) -> impl Iterator<Item = Fault> {
    let words = &file.rust.words;
    let named = SWITCHES
        .iter()
        .flat_map(|switch| RustSource::lines_with(words, switch));
    let lenient = words
        .lines()
        .enumerate()
        .filter(|(_, line)| drops_a_match(line))
        .map(|(at, _)| at + 1);
    named.chain(lenient).map(|line| {
        Fault::new(
            file.place(line),
            "RP-26: a check of sign-in is switched off",
        )
    })
}

/// `require_issuer_match(false)` and its like.
fn drops_a_match(line: &str) -> bool {
    line.split("require_").skip(1).any(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (name, call) = rest.split_at(end.unwrap_or(rest.len()));
        name.ends_with("_match") && call.starts_with("(false)")
    })
}

fn shown_inside(file: &TextFile) -> impl Iterator<Item = Fault> {
    let looked_at = SCREENS.iter().any(|folder| file.path.starts_with(folder));
    WINDOWS
        .iter()
        .filter(move |_| looked_at)
        .flat_map(|way| RustSource::lines_with(&file.rust.words, way))
        .map(|line| {
            Fault::new(
                file.place(line),
                "RP-24: the sign-in page opens in the system's browser only",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_code(path: &str, code: &str, expected: usize) {
        let tree = Tree {
            packages: Vec::new(),
            files: vec![TextFile::new(path, code)],
        };
        assert_eq!(check(&tree).len(), expected, "{code}");
    }

    #[test]
    fn rp_26_a_check_that_is_switched_off_is_found() {
        for code in [
            "let v = verifier.insecure_disable_signature_check();\n",
            "let v = verifier.allow_any_alg();\n",
            "let v = verifier.require_issuer_match(false);\n",
            "let v = verifier.require_audience_match(false).set_time_fn(f);\n",
            "builder.danger_accept_invalid_certs(true)\n",
            "builder.danger_accept_invalid_hostnames(true)\n",
            "jsonwebtoken::dangerous::insecure_decode::<T>(token)\n",
        ] {
            check_code("crates/uc-auth/src/id_token.rs", code, 1);
            check_code("crates/uc-core/tests/it.rs", code, 1);
        }
        for code in [
            "let v = verifier.require_issuer_match(true);\n",
            "// never allow_any_alg\n",
            "let text = \"allow_any_alg\";\n",
        ] {
            check_code("crates/uc-auth/src/id_token.rs", code, 0);
        }
    }

    #[test]
    fn rp_24_a_window_for_the_provider_is_found() {
        for code in [
            "let url = WebviewUrl::External(page);\n",
            "webview.navigate(page)?;\n",
            "window.location().set_href(page)?;\n",
        ] {
            check_code("src-tauri/src/window.rs", code, 1);
        }
        check_code(
            "frontend/src/backend/dom.rs",
            "location.set_href(page)?;\n",
            1,
        );
        check_code(
            "src-tauri/src/window.rs",
            "let url = WebviewUrl::default();\n",
            0,
        );
        check_code("tests/e2e/src/page.rs", "driver.navigate(page)\n", 0);
    }
}

//! The one window. It shows our own files and nothing else.

use tauri::{App, AppHandle, Manager as _, Runtime, Url, WebviewUrl, WebviewWindowBuilder};

/// The name in `capabilities/main.json`.
pub(crate) const MAIN: &str = "main";

/// The size at first start, and the least, in logical pixels. A phone's window has the size of its screen.
#[cfg(desktop)]
const SIZE: (f64, f64) = (1180.0, 800.0);
#[cfg(desktop)]
const LEAST: (f64, f64) = (360.0, 560.0);

/// Opens the window.
pub(crate) fn open<R: Runtime>(app: &App<R>) -> tauri::Result<()> {
    let builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .on_navigation(is_own)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .disable_drag_drop_handler();
    #[cfg(desktop)]
    let builder = builder
        .title(app.config().product_name.clone().unwrap_or_default())
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(LEAST.0, LEAST.1)
        .content_protected(cfg!(windows));
    builder.build()?;
    Ok(())
}

/// Whether an address is the interface's own: everything else stays outside the window.
fn is_own(address: &Url) -> bool {
    let development = cfg!(all(debug_assertions, not(feature = "custom-protocol")))
        && address.as_str().starts_with("http://127.0.0.1:1420/");
    let (scheme, host) = (address.scheme(), address.host_str());
    let bundled = matches!(
        (scheme, host),
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost"))
    );
    (bundled && address.port().is_none()) || development
}

/// Brings the window to the front.
pub(crate) fn show<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    #[cfg(desktop)]
    let shown = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    #[cfg(not(desktop))]
    let shown = window.set_focus();
    if let Err(error) = shown {
        tracing::warn!(%error, "the window did not come to the front");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wv_04_only_own_addresses_are_shown() {
        for (address, own) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/index.html#/catalogue", true),
            ("http://tauri.localhost/", true),
            ("http://tauri.localhost:8080/", false),
            ("http://app.evil.com/", false),
            ("http://tauri.localhost.evil.com/", false),
            ("tauri://evil/", false),
            ("https://evil/", false),
            ("data:text/html,x", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_own(&address.parse().unwrap()), own, "{address}");
        }
    }
}

//! What screens need of the browser beyond what Yew gives.

use std::{ops::Range, rc::Rc};

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, FocusOptions, HtmlDialogElement, HtmlElement, KeyboardEvent, window,
};
use yew::NodeRef;

/// Longer than it takes a screen to come after its address did.
const NEW_SCREEN_MILLIS: u32 = 60;

/// What only a person does.
const ACTIVITIES: [&str; 4] = ["keydown", "pointerdown", "pointermove", "wheel"];

fn document() -> Option<Document> {
    window()?.document()
}

/// Where the page wants the program: beside the icons, which stay.
pub(crate) fn mount_point() -> Option<Element> {
    document()?.get_element_by_id("app")
}

/// Sets the window's title.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets an attribute of the root element.
pub(crate) fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // Fails only for names that are not attribute names.
        let _ = root.set_attribute(name, value);
    }
}

/// Moves the focus to the element with an id; answers whether there is one.
pub(crate) fn focus_id(id: &str) -> bool {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = &element {
        focus_element(element);
    }
    element.is_some()
}

/// Moves the focus to the element with an id once a new screen has come.
pub(crate) fn focus_later(id: impl Into<String>) {
    let id = id.into();
    Timeout::new(NEW_SCREEN_MILLIS, move || {
        focus_id(&id);
    })
    .forget();
}

/// Moves the focus to an element.
pub(crate) fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        focus_element(&element);
    }
}

fn focus_element(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}

/// How high the part of the page is that is seen.
pub(crate) fn window_height() -> f64 {
    let height = window().and_then(|window| window.inner_height().ok());
    height.and_then(|height| height.as_f64()).unwrap_or(0.0)
}

/// Calls back on an event of the window, until the listener is dropped.
pub(crate) fn on_window(
    name: &'static str,
    callback: impl Fn() + 'static,
) -> Option<EventListener> {
    let window = window()?;
    Some(EventListener::new(&window, name, move |_| callback()))
}

/// Leaves room above what an element holds and makes it so high in all, in pixels.
pub(crate) fn set_height(element: &HtmlElement, above: f64, height: f64) {
    for (name, pixels) in [("padding-top", above), ("min-height", height)] {
        // Fails only for names that are no properties.
        let _ = element.style().set_property(name, &format!("{pixels}px"));
    }
}

/// Where the focus stands on a child that is about to go, not being among those at `places`, moves it to the parent:
/// otherwise the next Tab would begin at the top of the page.
pub(crate) fn keep_focus_in(parent: &HtmlElement, places: &Range<usize>) {
    let Some(focused) = document().and_then(|document| document.active_element()) else {
        return;
    };
    let children = parent.children();
    let holds = |place: u32| {
        let child = children.item(place);
        child.is_some_and(|child| child.contains(Some(&focused)))
    };
    let place = (0..children.length()).find(|place| holds(*place));
    if place.is_some_and(|place| !places.contains(&(place as usize))) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // An element that cannot take the focus leaves it where it is.
        let _ = parent.focus_with_options(&options);
    }
}

/// Scrolls the page to its top.
pub(crate) fn scroll_to_top() {
    if let Some(window) = window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Opens a dialog over everything.
pub(crate) fn show_modal(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>()
        && !dialog.open()
    {
        // Fails only for a dialog that is not in the document.
        let _ = dialog.show_modal();
    }
}

/// Closes a dialog.
pub(crate) fn close_modal(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>() {
        dialog.close();
    }
}

/// Calls back on every key, until the listener is dropped.
pub(crate) fn on_key(callback: impl Fn(&KeyboardEvent) + 'static) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    let window = window()?;
    Some(EventListener::new_with_options(
        &window,
        "keydown",
        options,
        move |event| {
            if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                callback(event);
            }
        },
    ))
}

/// Calls back whenever the person touches, types, points or scrolls anywhere, until the listeners are dropped.
pub(crate) fn on_activity(callback: impl Fn() + 'static) -> Vec<EventListener> {
    let callback = Rc::new(callback);
    let Some(window) = window() else {
        return Vec::new();
    };
    ACTIVITIES
        .map(|name| {
            let callback = Rc::clone(&callback);
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(&window, name, options, move |_| callback())
        })
        .into()
}

/// The key goes into a field, so it is no shortcut.
pub(crate) fn is_typing(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        })
}

/// A parameter of the page's address.
#[cfg(any(feature = "bridge", feature = "gallery"))]
pub(crate) fn query_parameter(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search)
        .ok()?
        .get(name)
}

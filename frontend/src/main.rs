//! The interface of «Единый клиент»: a Yew program in the shell's web view.
//!
//! Screens ask the core through [`backend`] and show what it answers; nothing is decided or stored here.

mod app;
mod backend;
mod components;
mod i18n;
mod paging;
mod query;
mod route;
mod screens;
mod session;
mod shell;

fn main() {
    console_error_panic_hook::set_once();
    let place = backend::dom::mount_point().expect("the page has a place for the program");
    yew::Renderer::<app::App>::with_root(place).render();
}

//! Parts of screens: props in, `Html` out. None of them asks the core.

pub(crate) mod application_card;
pub(crate) mod button;
pub(crate) mod dialog;
pub(crate) mod icon;
pub(crate) mod language_switch;
pub(crate) mod loading;
pub(crate) mod long_list;
pub(crate) mod more;
pub(crate) mod notice;
pub(crate) mod page;
pub(crate) mod passcode_field;
pub(crate) mod route_link;
pub(crate) mod search_box;
pub(crate) mod service_card;
pub(crate) mod service_title;
pub(crate) mod state_tag;

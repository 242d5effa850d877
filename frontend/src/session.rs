//! Where the person stands, for every component.

use std::rc::Rc;

use uc_ipc::{Appearance, Language, OpenSession, Phase, Session, TextSize, Theme};
use yew::prelude::*;

use crate::{
    backend::dom,
    components::{loading::Splash, notice::Failure},
    i18n::I18n,
    query::{Loadable, use_backend, use_query},
};

/// The session, and the way to put a newer one in its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SessionHandle {
    /// As last heard.
    pub(crate) session: Rc<Session>,
    /// Puts in place what a command answered.
    pub(crate) replace: Callback<Session>,
}

impl SessionHandle {
    /// The vault is open.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.session.phase, Phase::Open { .. })
    }
}

/// Props of [`SessionProvider`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct SessionProviderProps {
    pub(crate) children: Html,
}

/// Asks for the session and gives it, with words in its language, to everything below.
#[component]
pub(crate) fn SessionProvider(props: &SessionProviderProps) -> Html {
    let answer = use_query(OpenSession {});
    let current = use_state(|| None::<Rc<Session>>);
    {
        let current = current.clone();
        let heard = answer.state.value().cloned();
        // By address: an answer counts as new even when it equals an older one.
        use_effect_with(heard.as_ref().map(Rc::as_ptr), move |_| {
            if heard.is_some() {
                current.set(heard);
            }
        });
    }
    let replace = {
        let current = current.clone();
        Callback::from(move |session| current.set(Some(Rc::new(session))))
    };
    let appearance = current
        .as_ref()
        .map_or_else(Appearance::default, |session| session.appearance);
    use_appearance(appearance);
    use_forgetting(current.as_deref());
    let i18n = use_memo(appearance.language, |language| I18n::new(*language));
    let below = match (&*current, &answer.state) {
        (Some(session), _) => {
            let handle = SessionHandle {
                session: Rc::clone(session),
                replace,
            };
            html! {
                <ContextProvider<SessionHandle> context={handle}>
                    { props.children.clone() }
                </ContextProvider<SessionHandle>>
            }
        }
        (None, Loadable::Failed(error)) => html! {
            <main class="alone"><Failure error={error.clone()} retry={answer.retry.clone()} /></main>
        },
        (None, Loadable::Loading | Loadable::Ready(_)) => html! { <Splash /> },
    };
    html! { <ContextProvider<I18n> context={(*i18n).clone()}>{ below }</ContextProvider<I18n>> }
}

/// The session.
#[hook]
pub(crate) fn use_session() -> SessionHandle {
    use_context::<SessionHandle>().expect("screens stand below SessionProvider")
}

/// Writes language, colours and size of text on the root element, where the style sheet reads them.
#[hook]
fn use_appearance(appearance: Appearance) {
    use_effect_with(appearance, |appearance| {
        let (scheme, contrast) = match appearance.theme {
            Theme::System => ("auto", "normal"),
            Theme::Light => ("light", "normal"),
            Theme::Dark => ("dark", "normal"),
            Theme::HighContrast => ("dark", "high"),
        };
        dom::set_root_attribute("data-color-scheme", scheme);
        dom::set_root_attribute("data-contrast", contrast);
        let size = match appearance.text_size {
            TextSize::Normal => "100",
            TextSize::Large => "125",
            TextSize::Larger => "150",
            TextSize::Largest => "200",
        };
        dom::set_root_attribute("data-text", size);
        let language = match appearance.language {
            Language::Ru => "ru",
            Language::En => "en",
        };
        dom::set_root_attribute("lang", language);
    });
}

/// Nothing personal stays in memory once the vault is closed.
#[hook]
fn use_forgetting(session: Option<&Session>) {
    let backend = use_backend();
    let open = session.is_some_and(|session| matches!(session.phase, Phase::Open { .. }));
    use_effect_with(open, move |open| {
        if !open {
            backend.forget();
        }
    });
}

//! Asking the core from components: answers that renew themselves, and acts.

use std::{cell::Cell, rc::Rc};

use uc_ipc::{Command, Event, IpcError, Query, View};
use yew::{platform::spawn_local, prelude::*};

use crate::backend::Backend;

/// How far a question got.
#[derive(Debug)]
pub(crate) enum Loadable<T> {
    /// Asked for the first time.
    Loading,
    /// Answered. While a newer answer is asked for, the last one stays.
    Ready(Rc<T>),
    /// Refused.
    Failed(IpcError),
}

impl<T> Clone for Loadable<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Loading => Self::Loading,
            Self::Ready(value) => Self::Ready(Rc::clone(value)),
            Self::Failed(error) => Self::Failed(error.clone()),
        }
    }
}

impl<T> Loadable<T> {
    /// The answer, if there is one.
    pub(crate) fn value(&self) -> Option<&Rc<T>> {
        match self {
            Self::Ready(value) => Some(value),
            Self::Loading | Self::Failed(_) => None,
        }
    }
}

/// How often the answers of each view went stale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Revisions([u32; View::ALL.len()]);

impl Revisions {
    pub(crate) fn of(self, view: View) -> u32 {
        self.0[place(view)]
    }
}

impl Reducible for Revisions {
    type Action = View;

    fn reduce(self: Rc<Self>, view: View) -> Rc<Self> {
        let mut revisions = *self;
        revisions.0[place(view)] = revisions.0[place(view)].wrapping_add(1);
        Rc::new(revisions)
    }
}

fn place(view: View) -> usize {
    match view {
        View::Session => 0,
        View::Catalogue => 1,
        View::Applications => 2,
        View::Inbox => 3,
        View::Settings => 4,
        View::Account => 5,
        View::Profile => 6,
    }
}

/// Props of [`BackendProvider`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct BackendProviderProps {
    pub(crate) children: Html,
}

/// Gives every component below it the way to the core, and hears its events.
#[component]
pub(crate) fn BackendProvider(props: &BackendProviderProps) -> Html {
    let backend = use_memo((), |()| Backend::detect());
    let revisions = use_reducer(Revisions::default);
    {
        let dispatch = revisions.dispatcher();
        use_effect_with(Rc::clone(&backend), move |backend| {
            backend.listen(move |event| match event {
                Event::Changed { view } => dispatch.dispatch(view),
                Event::WindowWanted => {}
            });
        });
    }
    html! {
        <ContextProvider<Backend> context={(*backend).clone()}>
            <ContextProvider<Revisions> context={*revisions}>
                { props.children.clone() }
            </ContextProvider<Revisions>>
        </ContextProvider<Backend>>
    }
}

/// The way to the core.
#[hook]
pub(crate) fn use_backend() -> Backend {
    use_context::<Backend>().expect("every component stands below BackendProvider")
}

/// An answer with the means to ask again.
#[derive(Debug, Clone)]
pub(crate) struct Answer<T> {
    /// How far it got.
    pub(crate) state: Loadable<T>,
    /// Asks again.
    pub(crate) retry: Callback<()>,
}

/// Asks a question, again whenever its view changes; answers that a newer question overtook are dropped.
#[hook]
pub(crate) fn use_query<Q: Query>(query: Q) -> Answer<Q::Output> {
    let backend = use_backend();
    let revision = use_context::<Revisions>().unwrap_or_default().of(Q::VIEW);
    let attempt = use_state(|| 0_u32);
    let state = {
        let (backend, query) = (backend.clone(), query.clone());
        use_state(move || {
            backend
                .recall(&query)
                .map_or(Loadable::Loading, Loadable::Ready)
        })
    };
    {
        let state = state.clone();
        use_effect_with((query, revision, *attempt), move |(query, ..)| {
            let query = query.clone();
            let overtaken = Rc::new(Cell::new(false));
            let seen = Rc::clone(&overtaken);
            spawn_local(async move {
                let answer = backend.call(&query).await.map(Rc::new);
                if seen.get() {
                    return;
                }
                if let Ok(value) = &answer {
                    backend.remember(&query, Rc::clone(value));
                }
                state.set(answer.map_or_else(Loadable::Failed, Loadable::Ready));
            });
            move || overtaken.set(true)
        });
    }
    let retry = {
        let (attempt, state) = (attempt.clone(), state.clone());
        Callback::from(move |()| {
            state.set(Loadable::Loading);
            attempt.set(attempt.wrapping_add(1));
        })
    };
    Answer {
        state: (*state).clone(),
        retry,
    }
}

/// How far an act got.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Progress {
    /// Not begun, or done.
    Idle,
    /// Under way.
    Running,
    /// Refused.
    Failed(IpcError),
}

/// An act: something that changes the world.
pub(crate) struct Act<C> {
    /// How far it got.
    pub(crate) progress: Progress,
    /// Begins it, unless it is under way.
    pub(crate) run: Callback<C>,
}

impl<C> Act<C> {
    /// It is under way.
    pub(crate) fn is_running(&self) -> bool {
        self.progress == Progress::Running
    }

    /// Why it was refused.
    pub(crate) fn error(&self) -> Option<&IpcError> {
        match &self.progress {
            Progress::Failed(error) => Some(error),
            Progress::Idle | Progress::Running => None,
        }
    }
}

/// Prepares an act; `on_done` gets the answer.
#[hook]
pub(crate) fn use_act<C: Command>(on_done: Callback<C::Output>) -> Act<C> {
    let backend = use_backend();
    let progress = use_state(|| Progress::Idle);
    let running = use_mut_ref(|| false);
    let run = {
        let progress = progress.clone();
        Callback::from(move |command: C| {
            if running.replace(true) {
                return;
            }
            progress.set(Progress::Running);
            let (backend, progress) = (backend.clone(), progress.clone());
            let (running, on_done) = (Rc::clone(&running), on_done.clone());
            spawn_local(async move {
                let answer = backend.call(&command).await;
                running.replace(false);
                match answer {
                    Ok(answer) => {
                        progress.set(Progress::Idle);
                        on_done.emit(answer);
                    }
                    Err(error) => progress.set(Progress::Failed(error)),
                }
            });
        })
    };
    Act {
        progress: (*progress).clone(),
        run,
    }
}

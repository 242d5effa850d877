//! Keeping the draft without being asked.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Timeout;
use jiff::Timestamp;
use uc_ipc::{ApplicationForm, SaveDraft};
use yew::{platform::spawn_local, prelude::*};

use super::filling::Filling;
use crate::{backend::Backend, query::use_backend};

/// A pause in filling in, after which the draft is saved.
const PAUSE_MILLIS: u32 = 700;

/// How the keeping stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saving {
    /// Nothing was changed yet.
    Untouched,
    /// Changed, and not kept yet.
    Pending,
    /// Kept.
    Saved(Timestamp),
    /// Kept, beside what another device changed.
    ChangedElsewhere(Timestamp),
    /// The core refused.
    Failed,
}

/// What is to be kept, as of the last render.
#[derive(Clone)]
struct Keeper {
    backend: Backend,
    /// The newest content, and the count of edits in it.
    newest: Rc<std::cell::RefCell<Option<(u32, SaveDraft)>>>,
    /// Edits that were handed to the core.
    handed: Rc<Cell<u32>>,
    /// Sent: it is no draft any more.
    sent: Rc<Cell<bool>>,
}

impl Keeper {
    /// What the core does not have yet.
    fn take(&self) -> Option<SaveDraft> {
        let newest = self.newest.borrow();
        let (edits, draft) = newest.as_ref()?;
        if self.sent.get() || *edits == self.handed.get() {
            return None;
        }
        self.handed.set(*edits);
        Some(draft.clone())
    }
}

/// Saves after each pause, and once more when the screen goes.
#[hook]
pub(super) fn use_saving(
    asked: &ApplicationForm,
    filling: &Filling,
    sent: Rc<Cell<bool>>,
    again: Callback<()>,
) -> (Saving, Callback<()>) {
    let backend = use_backend();
    let saving = use_state(|| Saving::Untouched);
    let keeper = use_memo((), move |()| Keeper {
        backend,
        newest: Rc::default(),
        handed: Rc::default(),
        sent,
    });
    let draft = SaveDraft {
        chosen: filling.chosen.clone(),
        application: asked.application,
        service: asked.service.clone(),
        acting_for: filling.acting.chosen.clone(),
        answers: filling.answers.clone(),
        step: filling.step(),
    };
    keeper.newest.replace(Some((filling.edits, draft)));
    {
        let (keeper, saving) = (Rc::clone(&keeper), saving.clone());
        use_effect_with(filling.edits, move |edits| {
            let timeout = (*edits > 0).then(|| {
                saving.set(Saving::Pending);
                Timeout::new(PAUSE_MILLIS, move || save(&keeper, saving))
            });
            move || drop(timeout)
        });
    }
    let reload = reloader(&keeper, again);
    use_effect_with((), move |()| {
        move || {
            if let Some(draft) = keeper.take() {
                let backend = keeper.backend.clone();
                spawn_local(async move { drop(backend.call(&draft).await) });
            }
        }
    });
    (*saving, reload)
}

/// Keeps what is not kept yet, and asks for the form anew: from then on this one keeps nothing.
fn reloader(keeper: &Rc<Keeper>, again: Callback<()>) -> Callback<()> {
    let keeper = Rc::clone(keeper);
    Callback::from(move |()| {
        let (keeper, again) = (Rc::clone(&keeper), again.clone());
        spawn_local(async move {
            if let Some(draft) = keeper.take() {
                drop(keeper.backend.call(&draft).await);
            }
            keeper.sent.set(true);
            again.emit(());
        });
    })
}

fn save(keeper: &Keeper, saving: UseStateHandle<Saving>) {
    let Some(draft) = keeper.take() else { return };
    let keeper = keeper.clone();
    spawn_local(async move {
        if let Ok(saved) = keeper.backend.call(&draft).await {
            saving.set(if saved.changed_elsewhere {
                Saving::ChangedElsewhere(saved.saved_at)
            } else {
                Saving::Saved(saved.saved_at)
            });
        } else {
            // The next edit, or leaving the screen, tries again.
            keeper.handed.set(0);
            saving.set(Saving::Failed);
        }
    });
}

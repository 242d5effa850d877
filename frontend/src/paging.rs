//! Lists that come page by page.

use std::{cell::Cell, rc::Rc};

use uc_ipc::{
    ApplicationRow, IpcError, ListApplications, ListMessages, MessageView, Query, SearchServices,
    ServiceRow,
};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    backend::Backend,
    query::{Revisions, use_backend},
};

/// A question whose answer is one page of a list.
pub(crate) trait Paged: Query {
    /// A row of the list.
    type Row: Clone + 'static;

    /// The same question for the page after.
    fn after(&self, next: String) -> Self;

    /// What a page holds.
    fn page(answer: &Self::Output) -> Page<'_, Self::Row>;
}

/// A page of a list.
pub(crate) struct Page<'a, R> {
    rows: &'a [R],
    next: Option<&'a str>,
    total: u32,
}

macro_rules! paged {
    ($($query:ty: $rows:ident of $row:ty;)+) => {$(
        impl Paged for $query {
            type Row = $row;

            fn after(&self, next: String) -> Self {
                Self { after: Some(next), ..self.clone() }
            }

            fn page(answer: &Self::Output) -> Page<'_, $row> {
                Page { rows: &answer.$rows, next: answer.next.as_deref(), total: answer.total }
            }
        }
    )+};
}

paged! {
    SearchServices: services of ServiceRow;
    ListApplications: applications of ApplicationRow;
}

impl Paged for ListMessages {
    type Row = MessageView;

    fn after(&self, next: String) -> Self {
        Self {
            after: Some(next),
            ..self.clone()
        }
    }

    fn page(answer: &Self::Output) -> Page<'_, MessageView> {
        Page {
            rows: &answer.messages,
            next: answer.next.as_deref(),
            total: answer.total,
        }
    }
}

/// The pages that came so far.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listing<R> {
    /// Their rows; shared, as every page makes a new listing.
    pub(crate) rows: Vec<Rc<R>>,
    /// Rows there are in all.
    pub(crate) total: u32,
    next: Option<String>,
    pages: usize,
}

impl<R: Clone> Listing<R> {
    fn empty() -> Self {
        Self {
            rows: Vec::new(),
            total: 0,
            next: None,
            pages: 0,
        }
    }

    fn with(&self, page: &Page<'_, R>) -> Self {
        Self {
            rows: (self.rows.iter().cloned())
                .chain(page.rows.iter().cloned().map(Rc::new))
                .collect(),
            total: page.total,
            next: page.next.map(str::to_owned),
            pages: self.pages + 1,
        }
    }

    /// There is another page.
    pub(crate) fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// A list as a screen shows it.
#[derive(Clone, PartialEq)]
pub(crate) struct Pages<R> {
    /// What came; absent at first.
    pub(crate) listing: Option<Rc<Listing<R>>>,
    /// Why the newest question was refused.
    pub(crate) error: Option<IpcError>,
    /// A question is under way.
    pub(crate) asking: bool,
    /// Asks for the next page.
    pub(crate) more: Callback<()>,
    /// Asks again.
    pub(crate) retry: Callback<()>,
}

/// Asks for a list; again, with as many pages as were shown, when its view changes. Until a new answer comes, the last
/// one stays.
#[hook]
pub(crate) fn use_pages<Q: Paged>(query: Q) -> Pages<Q::Row> {
    let backend = use_backend();
    let revision = use_context::<Revisions>().unwrap_or_default().of(Q::VIEW);
    let attempt = use_state(|| 0_u32);
    let asking = use_state(|| true);
    let error = use_state(|| None::<IpcError>);
    let overtaken = use_mut_ref(|| Rc::new(Cell::new(false)));
    let listing = {
        let (backend, query) = (backend.clone(), query.clone());
        use_state(move || {
            backend
                .recall(&query)
                .map(|answer| Rc::new(first::<Q>(&answer)))
        })
    };
    let asked = use_mut_ref(|| None::<Q>);
    {
        let (backend, listing, error) = (backend.clone(), listing.clone(), error.clone());
        let (asking, overtaken) = (asking.clone(), Rc::clone(&overtaken));
        use_effect_with((query.clone(), revision, *attempt), move |(query, ..)| {
            let flag = Rc::new(Cell::new(false));
            overtaken.replace(Rc::clone(&flag)).set(true);
            let same = asked.replace(Some(query.clone())).as_ref() == Some(query);
            let pages = listing
                .as_ref()
                .filter(|_| same)
                .map_or(1, |shown| shown.pages.max(1));
            asking.set(true);
            let (query, seen) = (query.clone(), Rc::clone(&flag));
            spawn_local(async move {
                let answer = load(&backend, &query, pages).await;
                if seen.get() {
                    return;
                }
                asking.set(false);
                error.set(answer.as_ref().err().cloned());
                if let Ok(answer) = answer {
                    listing.set(Some(Rc::new(answer)));
                }
            });
            move || flag.set(true)
        });
    }
    let more = next_page(backend, query, &listing, &asking, &error, overtaken);
    let retry = Callback::from(move |()| attempt.set(attempt.wrapping_add(1)));
    Pages {
        listing: (*listing).clone(),
        error: (*error).clone(),
        asking: *asking,
        more,
        retry,
    }
}

fn first<Q: Paged>(answer: &Q::Output) -> Listing<Q::Row> {
    Listing::empty().with(&Q::page(answer))
}

/// The first pages, one after the other.
async fn load<Q: Paged>(
    backend: &Backend,
    query: &Q,
    pages: usize,
) -> Result<Listing<Q::Row>, IpcError> {
    let answer = Rc::new(backend.call(query).await?);
    backend.remember(query, Rc::clone(&answer));
    let mut listing = first::<Q>(&answer);
    while let Some(next) = listing.next.clone().filter(|_| listing.pages < pages) {
        let answer = backend.call(&query.after(next)).await?;
        listing = listing.with(&Q::page(&answer));
    }
    Ok(listing)
}

type Flag = Rc<std::cell::RefCell<Rc<Cell<bool>>>>;

/// Asks for the page after those shown, unless a question is under way.
fn next_page<Q: Paged>(
    backend: Backend,
    query: Q,
    listing: &UseStateHandle<Option<Rc<Listing<Q::Row>>>>,
    asking: &UseStateHandle<bool>,
    error: &UseStateHandle<Option<IpcError>>,
    overtaken: Flag,
) -> Callback<()> {
    let (listing, asking, error) = (listing.clone(), asking.clone(), error.clone());
    Callback::from(move |()| {
        let Some(shown) = (*listing).clone().filter(|_| !*asking) else {
            return;
        };
        let Some(next) = shown.next.clone() else {
            return;
        };
        asking.set(true);
        let (backend, query) = (backend.clone(), query.after(next));
        let (listing, asking, error) = (listing.clone(), asking.clone(), error.clone());
        let seen = Rc::clone(&overtaken.borrow());
        spawn_local(async move {
            let answer = backend.call(&query).await;
            if seen.get() {
                return;
            }
            asking.set(false);
            match answer {
                Ok(answer) => listing.set(Some(Rc::new(shown.with(&Q::page(&answer))))),
                Err(refusal) => error.set(Some(refusal)),
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_add_up() {
        let page = |rows, next| Page {
            rows,
            next,
            total: 3,
        };
        let first = Listing::empty().with(&page(&[1, 2], Some("b")));
        assert!(first.has_more());
        let both = first.with(&page(&[3], None));
        assert_eq!(both.rows, [1, 2, 3].map(Rc::new));
        assert!(!both.has_more());
    }
}

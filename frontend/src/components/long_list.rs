//! A list of which only what is near the window stands in the document: it may have a hundred thousand rows.
//!
//! The list stays as high as all its rows are, or were when they were last seen, or are usually: also for the moment in
//! which none stands there, as otherwise the page would be scrolled back.

mod heights;

use std::{ops::Range, rc::Rc};

use gloo_events::EventListener;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use self::heights::Heights;
use super::more;
use crate::{
    backend::dom,
    paging::{Listing, Pages},
};

/// Rows in the document, at most.
const MOST_ROWS: usize = 80;
/// Rows beyond either edge of the window.
const MARGIN: usize = 12;
/// Rows before the end of what has come at which more is asked for.
const AHEAD: usize = 8;

/// Props of [`LongList`].
#[derive(Clone, Properties)]
pub(crate) struct LongListProps<R: Clone + PartialEq + 'static> {
    /// The list's look.
    pub(crate) class: &'static str,
    /// What came of it.
    pub(crate) pages: Pages<R>,
    /// A row as an `li` with a key.
    pub(crate) row: Callback<Rc<R>, Html>,
}

impl<R: Clone + PartialEq> PartialEq for LongListProps<R> {
    fn eq(&self, other: &Self) -> bool {
        let same_rows = match (&self.pages.listing, &other.pages.listing) {
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        same_rows
            && self.row == other.row
            && self.pages.asking == other.pages.asking
            && self.pages.error == other.pages.error
    }
}

/// The rows near the window, and the way to more; nothing before the first page came.
#[component]
pub(crate) fn LongList<R: Clone + PartialEq + 'static>(props: &LongListProps<R>) -> Html {
    let node = use_node_ref();
    let count = props.pages.listing.as_ref().map_or(0, |it| it.rows.len());
    let shown = use_shown(&node, &props.pages, count);
    let rows = props.pages.listing.iter().flat_map(|listing| {
        let near = listing.rows.get(shown.clone()).unwrap_or_default();
        near.iter().map(|row| props.row.emit(Rc::clone(row)))
    });
    html! {
        <>
            <ul class={props.class} ref={node} role="list" tabindex="-1">{ for rows }</ul>
            { more::foot(&props.pages) }
        </>
    }
}

/// The rows that stand in the document; follows the window and asks for more where its end is near.
#[hook]
fn use_shown<R: Clone + PartialEq + 'static>(
    node: &NodeRef,
    pages: &Pages<R>,
    count: usize,
) -> Range<usize> {
    let shown = use_mut_ref(|| 0..MOST_ROWS);
    let redraw = use_force_update();
    let resized = redraw.clone();
    let heights = use_mut_ref(Heights::default);
    let now = shown.borrow().start.min(count)..shown.borrow().end.min(count);
    let follow = {
        let (node, heights) = (node.clone(), Rc::clone(&heights));
        Rc::new(move || {
            let Some(list) = node.cast::<HtmlElement>() else {
                return;
            };
            let near = near(&list, &heights.borrow(), count);
            let before = shown.replace(near.clone());
            if near != before {
                dom::keep_focus_in(&list, &positions(&near, &before));
                redraw.force_update();
            }
        })
    };
    {
        let (node, follow, pages) = (node.clone(), Rc::clone(&follow), pages.clone());
        let now = now.clone();
        use_effect(move || {
            if let Some(list) = node.cast::<HtmlElement>() {
                settle(&list, &now, &mut heights.borrow_mut(), &pages);
            }
            follow();
        });
    }
    use_effect_with(count, move |_| {
        // In a window of another width rows are as high as they are drawn anew.
        let listeners = [
            dom::on_window("scroll", move || follow()),
            dom::on_window("resize", move || resized.force_update()),
        ];
        move || drop::<[Option<EventListener>; 2]>(listeners)
    });
    now
}

/// Of the rows shown before, those that stay, by their places in the list's element.
fn positions(next: &Range<usize>, before: &Range<usize>) -> Range<usize> {
    let place = |row: usize| row.saturating_sub(before.start);
    place(next.start)..place(next.end)
}

/// What should stand in the document.
fn near(list: &Element, heights: &Heights, count: usize) -> Range<usize> {
    if count <= MOST_ROWS {
        return 0..MOST_ROWS;
    }
    let above = -list.get_bounding_client_rect().top();
    let begin = heights.row_at(above, count).saturating_sub(MARGIN);
    let end = heights.row_at(above + dom::window_height(), count) + MARGIN;
    begin..end.clamp(begin + 1, begin + MOST_ROWS)
}

/// After the rows were drawn: measures them, says which of how many each is, keeps the list as high as all rows, and
/// asks for more where its end is near.
fn settle<R: Clone>(
    list: &HtmlElement,
    now: &Range<usize>,
    heights: &mut Heights,
    pages: &Pages<R>,
) {
    let Some(listing) = &pages.listing else {
        return;
    };
    let count = listing.rows.len();
    measure(list, now, heights);
    number(list, now, listing);
    if count > MOST_ROWS {
        dom::set_height(list, heights.before(now.start), heights.before(count));
    } else {
        dom::set_height(list, 0.0, 0.0);
    }
    if now.end + AHEAD >= count && listing.has_more() && !pages.asking && pages.error.is_none() {
        pages.more.emit(());
    }
}

/// From the beginning of a row to the beginning of the next; the last one's distance is not known.
fn measure(list: &Element, now: &Range<usize>, heights: &mut Heights) {
    let rows = list.children();
    let tops = (0..rows.length())
        .filter_map(|place| rows.item(place))
        .map(|row| row.get_bounding_client_rect().top());
    let tops: Vec<f64> = tops.collect();
    for (row, pair) in now.clone().zip(tops.windows(2)) {
        heights.set(row, pair[1] - pair[0]);
    }
}

fn number<R: Clone>(list: &Element, now: &Range<usize>, listing: &Listing<R>) {
    let rows = list.children();
    for (place, row) in (0..rows.length()).zip(now.clone()) {
        if let Some(element) = rows.item(place) {
            // Fails only for names that are not attribute names.
            let _ = element.set_attribute("aria-posinset", &(row + 1).to_string());
            let _ = element.set_attribute("aria-setsize", &listing.total.to_string());
        }
    }
}

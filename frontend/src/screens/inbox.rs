//! Messages of agencies.

use std::rc::Rc;

use uc_ipc::{ListMessages, MarkRead, MessageView};
use yew::prelude::*;

use crate::{
    components::{
        button::{Button, Readiness, Weight},
        icon::Icon,
        loading::Skeleton,
        long_list::LongList,
        more,
        page::Page,
        route_link::RouteLink,
        search_box::SearchBox,
    },
    i18n::{I18n, t, use_i18n},
    paging::{Pages, use_pages},
    query::use_act,
    route::Route,
    session::use_session,
};

/// The list, newest first.
#[component]
pub(crate) fn InboxScreen() -> Html {
    let i18n = use_i18n();
    let unread = use_session().session.unread;
    let text = use_state(String::new);
    let pages = use_pages(ListMessages {
        text: (*text).clone(),
        after: None,
    });
    let is_all = text.trim().is_empty();
    let on_text = Callback::from(move |words| text.set(words));
    let retry = pages.retry.clone();
    let mark = use_act::<MarkRead>(Callback::from(move |_| retry.emit(())));
    let mark_all = mark.run.reform(|()| MarkRead { messages: vec![] });
    let mark_one = mark.run.clone();
    html! {
        <Page title={t!(i18n, "nav-inbox")} lead={t!(i18n, "inbox-unread", n = i64::from(unread))}>
            if unread > 0 {
                <div class="actions">
                    <Button weight={Weight::Secondary} icon="check-check" onclick={mark_all} test_id="mark-all-read"
                        readiness={Readiness::busy_if(mark.is_running())}>{ t!(i18n, "inbox-mark-all") }</Button>
                </div>
            }
            if !is_all || pages.listing.as_ref().is_some_and(|listing| listing.total > 0) {
                <SearchBox label={t!(i18n, "inbox-search")} placeholder={t!(i18n, "inbox-example")} {on_text} />
            }
            { list(&i18n, &pages, &mark_one, is_all) }
        </Page>
    }
}

fn list(i18n: &I18n, pages: &Pages<MessageView>, mark: &Callback<MarkRead>, is_all: bool) -> Html {
    let Some(listing) = &pages.listing else {
        return if pages.error.is_some() {
            more::foot(pages)
        } else {
            html! { <Skeleton /> }
        };
    };
    if listing.rows.is_empty() {
        return html! {
            <div class="empty">
                <Icon name="inbox" class="empty-icon" />
                <p class="empty-text" role="status">
                    { if is_all { t!(i18n, "inbox-empty") } else { t!(i18n, "inbox-nothing") } }
                </p>
            </div>
        };
    }
    let row = {
        let (i18n, mark) = (i18n.clone(), mark.clone());
        Callback::from(move |message: Rc<MessageView>| letter(&i18n, &message, &mark))
    };
    html! {
        <>
            if !is_all {
                <p class="found" role="status" aria-live="polite">
                    { t!(i18n, "inbox-found", n = i64::from(listing.total), count = i18n.number(listing.total)) }
                </p>
            }
            <LongList<MessageView> class="letters" pages={pages.clone()} {row} />
        </>
    }
}

fn letter(i18n: &I18n, message: &MessageView, mark: &Callback<MarkRead>) -> Html {
    let unread = !message.read;
    let id = message.id;
    let onclick = mark.reform(move |()| MarkRead { messages: vec![id] });
    html! {
        <li class={classes!("letter", unread.then_some("letter-unread"))} key={message.id.to_string()}
            data-testid="message-row">
            <p class="letter-head">
                if unread {
                    <span class="dot" aria-hidden="true" />
                    <span class="ds-sr-only">{ t!(i18n, "inbox-new") }</span>
                }
                <strong>{ &message.agency }</strong>
                <span class="muted">{ i18n.moment(message.sent_at) }</span>
            </p>
            <p class="letter-text">{ i18n.pick_or(&message.text, message.text_en.as_deref()) }</p>
            <div class="letter-foot">
                <RouteLink to={Route::Request { id: message.application }} class="letter-link">
                    <Icon name="file-text" />
                    <span>{ i18n.pick(&message.service_title, &message.service_title_en) }</span>
                </RouteLink>
                if unread {
                    <Button weight={Weight::Tertiary} icon="check" {onclick}>{ t!(i18n, "inbox-mark") }</Button>
                }
            </div>
        </li>
    }
}

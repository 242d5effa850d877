//! Hostile answers to each thing that the client asks of the portal (NW-04 to NW-07).

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::{Context as _, Result};
use futures_util::future::try_join_all;
use tokio::time::{Instant, timeout};
use uc_ipc::{
    ApplicationFilter, ApplicationState, Commands as _, Connectivity, KeepAwake, ListApplications,
    OpenAccountSessions, OpenForm, OpenSession, Phase, SearchServices, ServiceFilter,
    SubmitApplication, SyncNow,
};
use uc_model::ApplicationId;
use uc_testkit::{CERTIFICATE, MemoryKeyring, TestApp, completed_certificate};

use super::{
    Row,
    answers::{self, Answer},
    hostile::Hostile,
    memory::Watch,
    way::Way,
};

/// The longest that the client may wait for an answer, and what the machine needs beside.
const PATIENCE: Duration = Duration::from_secs(40);
/// Syncs until everything must be settled.
const MOST_SYNCS: usize = 6;

/// What the client asks for, and the beginning of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Catalogue,
    Feed,
    Submission,
    Sessions,
    Token,
    Everything,
}

impl Asked {
    const ALL: [Self; 6] = [
        Self::Catalogue,
        Self::Feed,
        Self::Submission,
        Self::Sessions,
        Self::Token,
        Self::Everything,
    ];

    const fn path(self) -> &'static str {
        match self {
            Self::Catalogue => "/v1/catalogue",
            Self::Feed => "/v1/feed",
            Self::Submission => "/v1/applications/",
            Self::Sessions => "/v1/sessions",
            Self::Token => "/oauth2/token",
            Self::Everything => "/",
        }
    }

    /// A submission is tried, and tried again by the sync that follows.
    const fn patience(self) -> Duration {
        match self {
            Self::Submission | Self::Everything => PATIENCE.saturating_mul(2),
            Self::Catalogue | Self::Feed | Self::Sessions | Self::Token => PATIENCE,
        }
    }
}

pub(super) async fn rows() -> Result<Vec<Row>> {
    let mut rows = Box::pin(endless()).await?;
    let mut world = Box::pin(World::begin()).await?;
    let elsewhere = Hostile::serve(answers::no_content()).await?;
    for answer in answers::swift(&elsewhere.address)? {
        for asked in Asked::ALL {
            rows.push(Box::pin(world.meet(asked, &answer)).await?);
        }
    }
    let mut redirect = Row::new("NW-05", "redirects elsewhere");
    redirect.check(elsewhere.asked() == 0, "a redirect was followed");
    rows.push(redirect);
    Ok(rows)
}

/// Each in a world of its own, side by side: they take as long as the client's patience.
async fn endless() -> Result<Vec<Row>> {
    let mut meetings = Vec::new();
    for answer in answers::endless() {
        for asked in [Asked::Catalogue, Asked::Feed, Asked::Submission] {
            let answer = answer.clone();
            meetings.push(async move {
                let mut world = Box::pin(World::begin()).await?;
                let mut row = Box::pin(world.meet(asked, &answer)).await?;
                // Others are at work in this process.
                row.grew_mib = 0.0;
                anyhow::Ok(row)
            });
        }
    }
    try_join_all(meetings).await
}

/// A client with a way to its portal that can be led astray.
struct World {
    app: TestApp,
    way: Way,
    hostile: Hostile,
}

impl World {
    async fn begin() -> Result<Self> {
        let hostile = Hostile::serve(answers::no_content()).await?;
        let (client, address) = (hostile.client()?, hostile.address.clone());
        let laid: OnceLock<Way> = OnceLock::new();
        let app = TestApp::start_through(MemoryKeyring::default(), |portal| {
            Arc::new(
                laid.get_or_init(|| Way::new(portal, client, &address))
                    .clone(),
            )
        })
        .await;
        let way = laid.into_inner().context("a way")?;
        app.enter().await;
        app.core().sync_now(SyncNow {}).await?;
        let world = Self { app, way, hostile };
        world.submit().await?;
        world.heal().await?;
        Ok(world)
    }

    /// The client asks, this answers, and everything must be as before; then the portal answers again.
    async fn meet(&mut self, asked: Asked, answer: &Answer) -> Result<Row> {
        let id = match answer.name {
            "a captive portal" => "NW-07",
            _ => "NW-04",
        };
        let mut row = Row::new(id, format!("{} instead of {asked:?}", answer.name));
        let before = self.applications().await?.len();
        self.hostile.say(answer.clone());
        let (watch, asked_before) = (Watch::begin()?, self.hostile.asked());
        self.way.lead_astray(Some(asked.path()));
        let begun = Instant::now();
        let submitted = timeout(asked.patience(), self.ask(asked)).await;
        row.check(submitted.is_ok(), format!("took {:?}", begun.elapsed()));
        row.grew_mib = watch.growth()?;
        row.check(
            row.grew_mib <= super::MOST_GROWTH_MIB,
            format!("{:.0} MiB more memory", row.grew_mib),
        );
        row.check(
            self.hostile.asked() > asked_before,
            "nothing was asked: the row shows nothing",
        );
        self.look(&mut row).await?;
        self.way.lead_astray(None);
        if let Some(submitted) = submitted.ok().transpose()?.flatten() {
            self.judge(&mut row, before, submitted).await?;
        }
        self.heal().await?;
        self.look(&mut row).await?;
        let online = self.app.core().open_session(OpenSession {}).await?;
        row.check(
            online.connectivity == Connectivity::Online,
            "the portal is not heard again",
        );
        Ok(row)
    }

    /// Has the client ask; the application that it sent, where it sent one.
    async fn ask(&self, asked: Asked) -> Result<Option<ApplicationId>> {
        let core = self.app.core();
        match asked {
            Asked::Submission | Asked::Everything => {
                let submitted = self.submit().await?;
                core.sync_now(SyncNow {}).await?;
                return Ok(Some(submitted));
            }
            // An error in the user's words, or what was known: whichever, it is an answer.
            Asked::Sessions => drop(core.open_account_sessions(OpenAccountSessions {}).await),
            Asked::Token => {
                self.let_the_token_expire().await?;
                core.sync_now(SyncNow {}).await?;
            }
            Asked::Catalogue | Asked::Feed => {
                core.sync_now(SyncNow {}).await?;
            }
        }
        Ok(None)
    }

    async fn let_the_token_expire(&self) -> Result<()> {
        for _ in 0..2 {
            self.app.clock.advance(Duration::from_mins(3));
            self.app.core().keep_awake(KeepAwake {}).await?;
        }
        Ok(())
    }

    async fn submit(&self) -> Result<ApplicationId> {
        let core = self.app.core();
        let form = core.open_form(OpenForm {
            service: CERTIFICATE.parse().context("a service")?,
            application: None,
        });
        let form = form.await?;
        let sent = core.submit_application(SubmitApplication {
            chosen: Vec::new(),
            application: form.application,
            service: form.service.clone(),
            acting_for: None,
            answers: completed_certificate(&form),
        });
        Ok(sent.await?.row.id)
    }

    /// Nobody was signed out or locked out, and what was known is there.
    async fn look(&self, row: &mut Row) -> Result<()> {
        let core = self.app.core();
        let session = core.open_session(OpenSession {}).await?;
        let is_at_work = matches!(
            session.phase,
            Phase::Open {
                sign_in_needed: false,
                ..
            }
        );
        row.check(is_at_work, "signed out or locked");
        let found = core.search_services(SearchServices {
            text: "паспорт".to_owned(),
            filter: ServiceFilter::default(),
            after: None,
        });
        row.check(
            found.await.is_ok_and(|page| !page.services.is_empty()),
            "the catalogue is gone",
        );
        Ok(())
    }

    /// The application is kept now, and with the portal once it answers.
    async fn judge(&self, row: &mut Row, before: usize, submitted: ApplicationId) -> Result<()> {
        let kept = self.applications().await?;
        row.check(
            kept.len() == before + 1,
            "the application is lost or doubled",
        );
        self.heal().await?;
        let settled = self.applications().await?;
        let state = settled.iter().find(|(id, _)| *id == submitted);
        row.check(
            state.is_some_and(|(_, state)| is_with_the_portal(state)),
            format!("did not arrive: {state:?}"),
        );
        Ok(())
    }

    async fn heal(&self) -> Result<()> {
        for _ in 0..MOST_SYNCS {
            self.app.core().sync_now(SyncNow {}).await?;
            let states = self.applications().await?;
            if states.iter().all(|(_, state)| is_with_the_portal(state)) {
                break;
            }
        }
        Ok(())
    }

    async fn applications(&self) -> Result<Vec<(ApplicationId, ApplicationState)>> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.app.core().list_applications(ListApplications {
                filter: ApplicationFilter::default(),
                after,
            });
            let page = page.await?;
            all.extend(page.applications.into_iter().map(|row| (row.id, row.state)));
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }
}

fn is_with_the_portal(state: &ApplicationState) -> bool {
    !matches!(
        state,
        ApplicationState::Draft
            | ApplicationState::Returned
            | ApplicationState::Queued { .. }
            | ApplicationState::Sending
            | ApplicationState::Unknown
    )
}

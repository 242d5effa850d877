//! The places of the interface.

use uc_model::{AgencyId, ApplicationId, LifeSituationId, RegionId, ServiceId};
use yew_router::Routable;

/// A place, as it stands after the `#` of the address.
#[derive(Debug, Clone, PartialEq, Eq, Routable)]
pub(crate) enum Route {
    /// What needs the person, and what is on its way.
    #[at("/")]
    Home,
    /// Ways into the catalogue, and the search.
    #[at("/catalogue")]
    Catalogue,
    /// Services of a life situation.
    #[at("/catalogue/situations/:id")]
    LifeSituation {
        /// Which.
        id: LifeSituationId,
    },
    /// Services of an agency.
    #[at("/catalogue/agencies/:id")]
    Agency {
        /// Which.
        id: AgencyId,
    },
    /// Services of a region or municipality.
    #[at("/catalogue/regions/:id")]
    Region {
        /// Which.
        id: RegionId,
    },
    /// A service's page.
    #[at("/services/:id")]
    Service {
        /// Which.
        id: ServiceId,
    },
    /// A new application.
    #[at("/services/:service/apply")]
    Apply {
        /// For what.
        service: ServiceId,
    },
    /// A draft to go on with, or an application to correct.
    #[at("/services/:service/apply/:application")]
    Draft {
        /// For what.
        service: ServiceId,
        /// Which.
        application: ApplicationId,
    },
    /// All applications.
    #[at("/requests")]
    Requests,
    /// An application.
    #[at("/requests/:id")]
    Request {
        /// Which.
        id: ApplicationId,
    },
    /// What became of an application that was just sent.
    #[at("/requests/:id/receipt")]
    Receipt {
        /// Which.
        id: ApplicationId,
    },
    /// Messages of agencies.
    #[at("/inbox")]
    Inbox,
    /// Settings.
    #[at("/settings")]
    Settings,
    /// Another passcode.
    #[at("/settings/passcode")]
    ChangePasscode,
    /// Sessions and the history of sign-ins.
    #[at("/settings/account")]
    Account,
    /// What the portal knows of the person.
    #[at("/settings/profile")]
    Profile,
    /// An address that leads nowhere.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

impl Route {
    /// The address for a link.
    pub(crate) fn href(&self) -> String {
        format!("#{}", self.to_path())
    }

    /// The section of the navigation that the place belongs to.
    pub(crate) fn section(&self) -> Option<Section> {
        match self {
            Self::Home => Some(Section::Home),
            Self::Catalogue
            | Self::LifeSituation { .. }
            | Self::Agency { .. }
            | Self::Region { .. }
            | Self::Service { .. } => Some(Section::Catalogue),
            Self::Apply { .. }
            | Self::Draft { .. }
            | Self::Requests
            | Self::Request { .. }
            | Self::Receipt { .. } => Some(Section::Requests),
            Self::Inbox => Some(Section::Inbox),
            Self::Settings | Self::ChangePasscode | Self::Account | Self::Profile => {
                Some(Section::Settings)
            }
            Self::NotFound => None,
        }
    }

    /// The catalogue and the appearance are for everybody; the rest needs an open vault.
    pub(crate) fn is_public(&self) -> bool {
        match self.section() {
            Some(Section::Catalogue) => true,
            Some(Section::Settings) => *self == Self::Settings,
            Some(Section::Home | Section::Requests | Section::Inbox) | None => false,
        }
    }
}

/// A section of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Home.
    Home,
    /// Catalogue.
    Catalogue,
    /// Applications.
    Requests,
    /// Messages.
    Inbox,
    /// Settings.
    Settings,
}

impl Section {
    /// All sections, in the order of the navigation and of Ctrl+1…5.
    pub(crate) const ALL: [Self; 5] = [
        Self::Home,
        Self::Catalogue,
        Self::Requests,
        Self::Inbox,
        Self::Settings,
    ];

    /// Where it begins.
    pub(crate) fn route(self) -> Route {
        match self {
            Self::Home => Route::Home,
            Self::Catalogue => Route::Catalogue,
            Self::Requests => Route::Requests,
            Self::Inbox => Route::Inbox,
            Self::Settings => Route::Settings,
        }
    }

    /// Its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Home => "house",
            Self::Catalogue => "layout-grid",
            Self::Requests => "files",
            Self::Inbox => "inbox",
            Self::Settings => "settings",
        }
    }

    /// Its name for tests.
    pub(crate) fn test_id(self) -> &'static str {
        match self {
            Self::Home => "nav-home",
            Self::Catalogue => "nav-catalogue",
            Self::Requests => "nav-requests",
            Self::Inbox => "nav-inbox",
            Self::Settings => "nav-settings",
        }
    }
}

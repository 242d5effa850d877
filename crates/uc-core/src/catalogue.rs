//! Reading the catalogue.

use uc_ipc::{
    AgencyCard, CatalogueOverview, FeeView, IpcError, LifeSituationCard, OpenCatalogue,
    OpenService, RegionCard, SearchServices, ServiceDetails, ServicePage, ServiceRow,
    SuggestServices, Suggestions,
};
use uc_portal_api::PublicService;
use uc_store::{ServiceFilter, ServiceSummary, StoreError};

use crate::Core;

/// Services on a page.
const PAGE: u32 = 30;
/// Services suggested while one types.
const SUGGESTED: u32 = 7;

/// Ways into the catalogue.
pub(crate) async fn open_catalogue(
    core: &Core,
    _: OpenCatalogue,
) -> Result<CatalogueOverview, IpcError> {
    core.browse(|view| {
        Ok(CatalogueOverview {
            services: view.count_services()?,
            life_situations: view
                .list_life_situations()?
                .into_iter()
                .filter(|(_, services)| *services > 0)
                .map(life_situation_card)
                .collect(),
            agencies: view.list_agencies()?.into_iter().map(agency_card).collect(),
            regions: view.list_regions()?.into_iter().map(region_card).collect(),
        })
    })
    .await
}

/// Finds services by words and filters.
pub(crate) async fn search_services(
    core: &Core,
    request: SearchServices,
) -> Result<ServicePage, IpcError> {
    let filter = ServiceFilter {
        life_situation: request.filter.life_situation,
        agency: request.filter.agency,
        region: request.filter.region,
        with_form: request.filter.with_form,
        audience: request.filter.audience,
    };
    let page = core
        .browse_briefly(move |view| {
            view.search_services(&request.text, &filter, request.after.as_deref(), PAGE)
        })
        .await?;
    let page = page.map(service_row);
    Ok(ServicePage {
        services: page.items,
        next: page.next,
        total: page.total,
    })
}

/// Finds services by what is typed so far.
pub(crate) async fn suggest_services(
    core: &Core,
    request: SuggestServices,
) -> Result<Suggestions, IpcError> {
    let services = core
        .browse_briefly(move |view| view.suggest_services(&request.text, SUGGESTED))
        .await?;
    Ok(Suggestions {
        services: services.into_iter().map(service_row).collect(),
    })
}

/// A service's page.
pub(crate) async fn open_service(
    core: &Core,
    request: OpenService,
) -> Result<ServiceDetails, IpcError> {
    let id = request.service.clone();
    let (row, service, agency) = core
        .browse(move |view| {
            let document = view.find_service_document(&id)?.ok_or(StoreError::Absent)?;
            let service: PublicService = serde_json::from_str(&document)?;
            let row = view.find_service(&id)?.ok_or(StoreError::Absent)?;
            let agency = view.find_agency(&service.agency)?;
            Ok((row, service, agency))
        })
        .await?;
    let draft = match core.vault() {
        Ok(_) => {
            core.look(move |view| view.find_draft_for(&request.service))
                .await?
        }
        Err(_) => None,
    };
    let (agency_title, agency_title_en) = match agency {
        Some(agency) => (agency.title, agency.title_en),
        None => (row.agency.clone(), row.agency.clone()),
    };
    Ok(ServiceDetails {
        row: service_row(row),
        summary: service.summary,
        level: service.level,
        agency_title,
        agency_title_en,
        audience: service.audience,
        account_level: service.account_level,
        who: service.who,
        result: service.result,
        documents: service.documents,
        channels: service.channels,
        term: service.term,
        fee: service.fee.map(|fee| FeeView {
            sum: fee.kopecks,
            text: fee.text,
            legal_ground: fee.legal_ground,
        }),
        legal_ground: service.legal_ground,
        source: service.source,
        as_of: service.as_of,
        draft: draft.map(|draft| draft.application),
    })
}

/// A service in a list, as the interface shows it.
pub(crate) fn service_row(service: ServiceSummary) -> ServiceRow {
    ServiceRow {
        id: service.id,
        title: service.title,
        title_en: service.title_en,
        agency: service.agency,
        region: service.region,
        term: service.term,
        fee: service.fee,
        has_form: service.has_form,
        marks: service.marks,
    }
}

fn life_situation_card((situation, services): (uc_store::LifeSituation, u32)) -> LifeSituationCard {
    LifeSituationCard {
        id: situation.id,
        title: situation.title,
        title_en: situation.title_en,
        icon: situation.icon,
        services,
    }
}

fn agency_card((agency, services): (uc_store::Agency, u32)) -> AgencyCard {
    AgencyCard {
        id: agency.id,
        short: agency.short,
        title: agency.title,
        title_en: agency.title_en,
        level: agency.level,
        services,
    }
}

fn region_card((region, services): (uc_store::Region, u32)) -> RegionCard {
    RegionCard {
        id: region.id,
        title: region.title,
        title_en: region.title_en,
        municipality: region.municipality,
        services,
    }
}

//! The home screen.

use uc_ipc::{ApplicationRow, Dashboard, IpcError, OpenDashboard, ServiceRow};
use uc_store::{
    Application, ApplicationGroup, Filter, Page, ServiceSummary, StoreError, VaultView,
};

use crate::{Core, applications, catalogue::service_row};

/// Applications of a group that fit the home screen.
const MOST: u32 = 50;
/// Applications on their way that it shows.
const MOST_ACTIVE: u32 = 5;
/// Services that it shows.
const MOST_SERVICES: u32 = 6;

/// Everything the home screen shows.
pub(crate) async fn open_dashboard(core: &Core, _: OpenDashboard) -> Result<Dashboard, IpcError> {
    let (mut needs_you, drafts, active, used) = core
        .look(|view| {
            Ok((
                of_group(view, ApplicationGroup::NeedsYou, MOST)?,
                of_group(view, ApplicationGroup::Drafts, MOST)?,
                of_group(view, ApplicationGroup::Active, MOST_ACTIVE)?,
                view.list_used_services(MOST_SERVICES)?,
            ))
        })
        .await?;
    needs_you.items.sort_by_key(|application| application.since);
    let often_used = core
        .browse(move |view| {
            let mut services = Vec::new();
            for id in used {
                services.extend(view.find_service(&id)?);
            }
            fill_up(&mut services, view.list_popular_services(MOST_SERVICES)?);
            Ok(services)
        })
        .await?;
    Ok(Dashboard {
        needs_you: rows(core, needs_you).await?,
        drafts: rows(core, drafts).await?,
        active_total: active.total,
        active: rows(core, active).await?,
        often_used: often_used
            .into_iter()
            .map(service_row)
            .collect::<Vec<ServiceRow>>(),
    })
}

fn of_group(
    view: &VaultView<'_>,
    group: ApplicationGroup,
    limit: u32,
) -> Result<Page<Application>, StoreError> {
    let filter = Filter {
        group: Some(group),
        ..Filter::default()
    };
    view.list_applications(&filter, None, limit)
}

async fn rows(core: &Core, page: Page<Application>) -> Result<Vec<ApplicationRow>, IpcError> {
    applications::rows(core, page.items).await
}

fn fill_up(services: &mut Vec<ServiceSummary>, popular: Vec<ServiceSummary>) {
    for service in popular {
        if services.len() < MOST_SERVICES as usize
            && services.iter().all(|shown| shown.id != service.id)
        {
            services.push(service);
        }
    }
}

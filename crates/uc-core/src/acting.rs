//! In whose name a person may apply.

use jiff::Timestamp;
use uc_ipc::{Acting, ActingName};
use uc_model::{ActingFor, Audience};
use uc_portal_api::{Capacity, Dialog, PersonProfile};

/// Names in which a new application may be made. What was chosen before stays chosen, also when it holds no more: the
/// person sees it and chooses anew.
pub(crate) fn offered(
    audience: &[Audience],
    profile: Option<&PersonProfile>,
    chosen: Option<ActingFor>,
    now: Timestamp,
) -> Acting {
    let own = audience.contains(&Audience::Citizen);
    let capacities = profile.map_or(&[][..], |profile| &profile.capacities);
    let names: Vec<ActingName> = capacities
        .iter()
        .filter(|capacity| is_meant(audience, &capacity.number) && holds(capacity, now))
        .map(name)
        .collect();
    let only = (!own).then(|| names.first().map(|name| name.number.clone()));
    Acting {
        chosen: chosen.or(only.flatten()),
        own,
        names,
    }
}

/// The one name in which an application was made: a correction keeps it.
pub(crate) fn of_dialog(dialog: &Dialog) -> Acting {
    let made_for = dialog.acting_for.as_ref();
    Acting {
        chosen: made_for.map(|capacity| capacity.number.clone()),
        own: made_for.is_none(),
        names: made_for.map(name).into_iter().collect(),
    }
}

/// The names that hold now, for the profile.
pub(crate) fn of_profile(profile: &PersonProfile, now: Timestamp) -> Vec<ActingName> {
    let capacities = profile.capacities.iter();
    capacities
        .filter(|capacity| holds(capacity, now))
        .map(name)
        .collect()
}

fn is_meant(audience: &[Audience], number: &ActingFor) -> bool {
    audience.contains(match number {
        ActingFor::Organisation(_) => &Audience::Organisation,
        ActingFor::Entrepreneur(_) => &Audience::Entrepreneur,
    })
}

fn holds(capacity: &Capacity, now: Timestamp) -> bool {
    capacity.until.is_none_or(|until| now < until)
}

fn name(capacity: &Capacity) -> ActingName {
    ActingName {
        number: capacity.number.clone(),
        name: capacity.name.clone(),
        until: capacity.until,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> PersonProfile {
        let capacity = |number: &str, name: &str, until: Option<&str>| Capacity {
            number: number.parse().unwrap(),
            name: name.to_owned(),
            until: until.map(|text| text.parse().unwrap()),
        };
        PersonProfile {
            capacities: vec![
                capacity(
                    "1027700132195",
                    "ООО «Пример»",
                    Some("2027-01-01T00:00:00Z"),
                ),
                capacity("304500116000157", "Маркерова Злата", None),
            ],
            ..PersonProfile::new(
                "demo".parse().unwrap(),
                "Маркерова".to_owned(),
                "Злата".to_owned(),
                jiff::civil::date(1981, 2, 14),
            )
        }
    }

    #[test]
    fn auth_12_names_are_offered_that_the_service_is_meant_for_and_that_hold() {
        let offered = |audience: &[Audience], now: &str| {
            let profile = profile();
            let acting = offered(audience, Some(&profile), None, now.parse().unwrap());
            let names: Vec<_> = acting
                .names
                .iter()
                .map(|name| name.number.as_str().len())
                .collect();
            (
                acting.own,
                names,
                acting.chosen.map(|number| number.as_str().len()),
            )
        };
        let (before, after) = ("2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z");
        let all = [
            Audience::Citizen,
            Audience::Entrepreneur,
            Audience::Organisation,
        ];
        assert_eq!(offered(&all, before), (true, vec![13, 15], None));
        assert_eq!(offered(&all, after), (true, vec![15], None));
        assert_eq!(offered(&[Audience::Citizen], before), (true, vec![], None));
        assert_eq!(
            offered(&[Audience::Organisation], before),
            (false, vec![13], Some(13))
        );
        assert_eq!(
            offered(&[Audience::Organisation], after),
            (false, vec![], None)
        );
    }
}

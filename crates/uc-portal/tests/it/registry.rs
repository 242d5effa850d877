//! Roles, and what they entitle to.

use std::{fs, path::Path, process::Output};

use reqwest::StatusCode;
use serde_json::{Value, json};
use uc_model::PersonId;
use uc_portal::{
    PortalClock,
    journal::AuthEvent,
    registry::{Change, ChangeError, HeldRole, Organisation, Role, RoleKind},
};

use crate::{
    catalogue::copy_into,
    citizen::{Citizen, SERVICE, correction, submission, uuid},
    harness::{CATALOGUE, Fixture, clock, problem},
    journal::journal,
    newcomer::{NEW_PHONE, registered},
};

const OGRN: &str = "1027700132195";
const OGRNIP: &str = "304500116000157";

/// A portal whose service is meant for this audience, and its first citizen.
async fn start(audience: &str) -> (Fixture, Citizen) {
    let put = |dir: &Path| {
        let catalogue = dir.join(CATALOGUE);
        copy_into(&catalogue);
        let file = catalogue.join(format!("services/{SERVICE}.toml"));
        let text = fs::read_to_string(&file).unwrap();
        let changed = text.replace(
            "audience = [\"citizen\"]",
            &format!("audience = {audience}"),
        );
        assert_ne!(changed, text);
        fs::write(file, changed).unwrap();
    };
    let fixture = Fixture::start_with_files(&clock(), put).await;
    let citizen = Citizen::first(fixture.browser()).await;
    (fixture, citizen)
}

fn anna() -> PersonId {
    "demo-anna".parse().unwrap()
}

fn organisation(name: &str) -> Organisation {
    Organisation {
        ogrn: OGRN.parse().unwrap(),
        inn: "7830002293".parse().unwrap(),
        name: name.to_owned(),
    }
}

fn representative() -> Role {
    Role::Representative(OGRN.parse().unwrap())
}

fn given(role: Role, until: Option<&str>) -> Change {
    Change::Give(HeldRole {
        person: anna(),
        role,
        until: until.map(|text| text.parse().unwrap()),
    })
}

async fn change(fixture: &Fixture, change: Change) -> Result<(), ChangeError> {
    let store = &fixture.running.portal().store;
    let changed = store.change_registry(change, fixture.clock.now()).await;
    changed.unwrap()
}

/// Applies in the name of the organisation.
async fn submit(citizen: &Citizen, number: u8) -> StatusCode {
    submit_for(citizen, number, Some(OGRN)).await
}

fn in_name(body: Value, number: Option<&str>) -> Value {
    let mut body = body;
    if let Some(number) = number {
        body["actingFor"] = json!(number);
    }
    body
}

async fn submit_for(citizen: &Citizen, number: u8, name: Option<&str>) -> StatusCode {
    let (id, key) = (uuid(number), uuid(number + 128));
    let body = in_name(submission(), name);
    let answered = citizen.submit(id, key, &body).await;
    let status = answered.status();
    if status == StatusCode::FORBIDDEN {
        assert_eq!(problem(answered).await, "not_entitled");
    }
    status
}

#[tokio::test]
async fn auth_07_a_service_of_organisations_is_for_those_who_act_for_one() {
    let (fixture, citizen) = start("[\"organisation\"]").await;
    assert_eq!(submit(&citizen, 1).await, StatusCode::FORBIDDEN);
    let proprietor = Role::Entrepreneur(OGRNIP.parse().unwrap());
    change(&fixture, given(proprietor, None)).await.unwrap();
    assert_eq!(submit(&citizen, 2).await, StatusCode::FORBIDDEN);
    let entered = Change::Enter(organisation("ООО «Пример»"));
    change(&fixture, entered).await.unwrap();
    assert_eq!(submit(&citizen, 3).await, StatusCode::FORBIDDEN);
    change(&fixture, given(representative(), None))
        .await
        .unwrap();
    assert_eq!(submit(&citizen, 4).await, StatusCode::CREATED);
    // Nobody else has gained anything.
    let other = Citizen::second(fixture.browser()).await;
    assert_eq!(submit(&other, 5).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn auth_07_a_change_of_role_is_in_force_at_the_next_request() {
    let (fixture, citizen) = start("[\"entrepreneur\", \"organisation\"]").await;
    let entered = Change::Enter(organisation("ООО «Пример»"));
    change(&fixture, entered).await.unwrap();
    // The same access token all along.
    let (person, role) = (anna(), representative());
    for number in [10, 20] {
        assert_eq!(submit(&citizen, number).await, StatusCode::FORBIDDEN);
        change(&fixture, given(role.clone(), None)).await.unwrap();
        assert_eq!(submit(&citizen, number + 1).await, StatusCode::CREATED);
        let taken = Change::Take {
            person: person.clone(),
            role: role.clone(),
        };
        change(&fixture, taken).await.unwrap();
    }
    // What was taken is answered as before; a correction is a new act.
    let body = in_name(submission(), Some(OGRN));
    let repeated = citizen.submit(uuid(11), uuid(11 + 128), &body).await;
    assert_eq!(repeated.status(), StatusCode::CREATED);
    assert_eq!(submit(&citizen, 30).await, StatusCode::FORBIDDEN);
    // A role ends with its term, to the second.
    let until = "2026-03-02T09:01:00Z";
    change(&fixture, given(role, Some(until))).await.unwrap();
    fixture.advance(59);
    assert_eq!(submit(&citizen, 40).await, StatusCode::CREATED);
    fixture.advance(1);
    assert_eq!(submit(&citizen, 41).await, StatusCode::FORBIDDEN);
    let told: Vec<AuthEvent> = journal(&fixture)
        .await
        .into_iter()
        .map(|entry| entry.event)
        .take(2)
        .collect();
    let role = RoleKind::Representative;
    assert_eq!(
        told,
        [AuthEvent::RoleGiven { role }, AuthEvent::RoleTaken { role }]
    );
}

#[tokio::test]
async fn auth_07_a_service_of_citizens_asks_for_no_role() {
    let (_fixture, citizen) = start("[\"citizen\", \"organisation\"]").await;
    assert_eq!(submit_for(&citizen, 1, None).await, StatusCode::CREATED);
    // Not due, but not for want of a role.
    let early = citizen.submit(uuid(1), uuid(2), &correction()).await;
    assert_eq!(early.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn auth_12_an_application_is_in_the_name_that_it_says_and_stays_so() {
    let (fixture, citizen) = start("[\"citizen\", \"entrepreneur\", \"organisation\"]").await;
    for change_of in [
        Change::Enter(organisation("ООО «Пример»")),
        given(representative(), Some("2027-01-01T00:00:00Z")),
        given(Role::Entrepreneur(OGRNIP.parse().unwrap()), None),
    ] {
        change(&fixture, change_of).await.unwrap();
    }
    // The person is told whom they may act for, and so are the devices that knew it otherwise.
    let profile: Value = citizen.get("/v1/profile").await.json().await.unwrap();
    assert_eq!(
        profile["capacities"],
        json!([
            {"number": OGRN, "name": "ООО «Пример»", "until": "2027-01-01T00:00:00Z"},
            {"number": OGRNIP, "name": "Соколова Анна Игоревна"},
        ])
    );
    for (number, name) in [(1, None), (2, Some(OGRN)), (3, Some(OGRNIP))] {
        assert_eq!(
            submit_for(&citizen, number, name).await,
            StatusCode::CREATED
        );
        let path = format!("/v1/applications/{}", uuid(number));
        let told: Value = citizen.get(&path).await.json().await.unwrap();
        assert_eq!(told["actingFor"]["number"].as_str(), name);
    }
    for (number, name) in [
        (4, "1027700092661"),
        (5, "304500116000158"),
        (6, "7830002293"),
        (7, ""),
    ] {
        let body = in_name(submission(), Some(name));
        let refused = citizen
            .submit(uuid(number), uuid(number + 128), &body)
            .await;
        assert!(refused.status().is_client_error(), "{name}");
    }
}

#[tokio::test]
async fn auth_12_the_registry_has_each_person_and_number_once() {
    let (fixture, _citizen) = start("[\"organisation\"]").await;
    let missing = change(&fixture, given(representative(), None)).await;
    assert_eq!(missing, Err(ChangeError::UnknownOrganisation));
    for name in ["ООО «Пример»", "АО «Пример»"] {
        change(&fixture, Change::Enter(organisation(name)))
            .await
            .unwrap();
    }
    let double = Organisation {
        ogrn: "1037700013020".parse().unwrap(),
        ..organisation("ООО «Двойник»")
    };
    let taken = change(&fixture, Change::Enter(double)).await;
    assert_eq!(taken, Err(ChangeError::Taken));
    let nobody = Change::Give(HeldRole {
        person: "nobody".parse().unwrap(),
        role: representative(),
        until: None,
    });
    assert_eq!(
        change(&fixture, nobody).await,
        Err(ChangeError::UnknownPerson)
    );
    let proprietor = Role::Entrepreneur(OGRNIP.parse().unwrap());
    change(&fixture, given(proprietor.clone(), None))
        .await
        .unwrap();
    let copied = Change::Give(HeldRole {
        person: "demo-timur".parse().unwrap(),
        role: proprietor,
        until: None,
    });
    assert_eq!(change(&fixture, copied).await, Err(ChangeError::Taken));
    let absent = Change::Take {
        person: anna(),
        role: representative(),
    };
    assert_eq!(change(&fixture, absent).await, Err(ChangeError::NotHeld));
    let store = &fixture.running.portal().store;
    assert_eq!(store.list_roles(anna()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn auth_12_the_registry_changes_from_outside_while_the_portal_runs() {
    let (fixture, citizen) = start("[\"organisation\"]").await;
    let dir = fixture.dir().to_owned();
    let registry = |verb: &str, more: &[&str]| -> Output {
        std::process::Command::new(env!("CARGO_BIN_EXE_uc-portal"))
            .args(["registry", verb, "--data-dir"])
            .arg(&dir)
            .args(more)
            .output()
            .unwrap()
    };
    let whose = ["--person", "demo-anna", "--organisation", OGRN];
    let early = registry("give", &whose);
    assert!(!early.status.success());
    let told = String::from_utf8(early.stderr).unwrap();
    assert!(told.contains("enter it first"), "{told}");
    let about = [
        "--ogrn",
        OGRN,
        "--inn",
        "7830002293",
        "--name",
        "ООО «Пример»",
    ];
    assert!(registry("enter", &about).status.success());
    assert!(registry("give", &whose).status.success());
    assert_eq!(submit(&citizen, 1).await, StatusCode::CREATED);
    // The demo's operator is there, too.
    let list = || {
        let printed = String::from_utf8(registry("list", &[]).stdout).unwrap();
        let rows = printed
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let rows = rows.filter(|row: &Value| row["role"] != "operator");
        rows.collect::<Vec<Value>>()
    };
    let listed = &list()[0];
    assert_eq!(listed["person"], "demo-anna");
    assert_eq!(listed["role"], "representative");
    assert_eq!(listed["number"], OGRN);
    assert!(registry("take", &whose).status.success());
    assert_eq!(submit(&citizen, 2).await, StatusCode::FORBIDDEN);
    assert!(list().is_empty());
    assert!(
        !registry("give", &["--person", "demo-anna"])
            .status
            .success()
    );
    // The journal took the entries of another process into its chain.
    let verified = std::process::Command::new(env!("CARGO_BIN_EXE_uc-portal"))
        .args(["journal", "verify", "--data-dir"])
        .arg(&dir)
        .status()
        .unwrap();
    assert!(verified.success());
}

/// A good report of a pothole.
fn report() -> Value {
    json!({
        "service": "street-defect-report",
        "formVersion": 1,
        "revision": 1,
        "answers": {
            "defect": "pothole",
            "description": "Яма около метра в правой полосе",
            "seen_on": "2026-03-01",
            "place_address": "г. Москва, ул. Лесная, у дома 5",
            "last_name": "Маркерова",
            "first_name": "Злата",
            "phone": NEW_PHONE,
            "consent": true
        }
    })
}

#[tokio::test]
async fn auth_01_a_service_names_the_level_that_an_account_needs() {
    let fixture = Fixture::start().await;
    let (browser, tokens) = registered(&fixture).await;
    let newcomer = Citizen::of(browser, tokens);
    let refused = newcomer.submit(uuid(1), uuid(129), &submission()).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(problem(refused).await, "account_level_too_low");
    // A report on a street needs no more than a phone.
    let taken = newcomer.submit(uuid(2), uuid(130), &report()).await;
    assert_eq!(taken.status(), StatusCode::CREATED);
    let confirmed = Citizen::first(fixture.browser()).await;
    confirmed.submit_new(3).await;
}

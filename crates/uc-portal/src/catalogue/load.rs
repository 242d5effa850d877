//! Files to catalogue: parse, then check what refers to what.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::tz::{Offset, offset};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uc_forms::{Form, verdict::Verdict};
use uc_model::{AgencyId, LifeSituationId, RegionId, ServiceId};
use uc_portal_api::{Agency, LifeSituation};

use super::{
    Catalogue, CatalogueError, Files, FormEntry, RegionEntry, ServiceEntry,
    records::{AgenciesFile, LifeSituationsFile, RegionsFile, ServiceRecord},
};
use crate::agency::Script;

/// Moscow's time, that of federal agencies. Fixed: Russia has had no summer time since 2014.
pub(super) const MOSCOW: Offset = offset(3);

const AGENCIES: &str = "agencies.toml";
const REGIONS: &str = "regions.toml";
const LIFE_SITUATIONS: &str = "life-situations.toml";
const SERVICES: &str = "services/";
const FORMS: &str = "forms/";
const SCRIPTS: &str = "scripts/";
const DEFAULT_SCRIPT: &str = "default";

pub(super) fn load(files: &Files) -> Result<Catalogue, CatalogueError> {
    let regions = regions(files)?;
    let agencies = agencies(files, &regions)?;
    let life_situations = life_situations(files)?;
    let mut scripts = scripts(files)?;
    let default_script = scripts
        .remove(DEFAULT_SCRIPT)
        .ok_or_else(|| missing(format!("{SCRIPTS}{DEFAULT_SCRIPT}.toml")))?;
    let declared = Declared {
        agencies: &agencies,
        regions: &regions,
        situations: life_situations
            .iter()
            .map(|situation| &situation.id)
            .collect(),
    };
    let mut services = BTreeMap::new();
    for (id, text) in files.list(SERVICES, ".toml") {
        let entry = service(files, id, text, &declared, scripts.remove(id))?;
        services.insert(entry.service.id.clone(), entry);
    }
    refuse_strays(files, &services, &scripts)?;
    Ok(Catalogue {
        services,
        agencies,
        regions,
        life_situations,
        default_script: Arc::new(default_script),
    })
}

struct Declared<'a> {
    agencies: &'a BTreeMap<AgencyId, Agency>,
    regions: &'a BTreeMap<RegionId, RegionEntry>,
    situations: BTreeSet<&'a LifeSituationId>,
}

fn regions(files: &Files) -> Result<BTreeMap<RegionId, RegionEntry>, CatalogueError> {
    let file: RegionsFile = parse(REGIONS, registry(files, REGIONS)?)?;
    let mut regions = BTreeMap::new();
    for record in file.region {
        let id = record.id.clone();
        let offset = match record.utc_offset {
            None => MOSCOW,
            Some(hours) => Offset::from_hours(hours)
                .map_err(|_| wrong(REGIONS, "utc_offset", "hours ahead of UTC"))?,
        };
        let entry = RegionEntry {
            region: record.into(),
            offset,
        };
        if regions.insert(id.clone(), entry).is_some() {
            return Err(twice(REGIONS, &id.to_string()));
        }
    }
    Ok(regions)
}

fn agencies(
    files: &Files,
    regions: &BTreeMap<RegionId, RegionEntry>,
) -> Result<BTreeMap<AgencyId, Agency>, CatalogueError> {
    let file: AgenciesFile = parse(AGENCIES, registry(files, AGENCIES)?)?;
    let mut agencies = BTreeMap::new();
    for record in file.agency {
        if let Some(region) = &record.region
            && !regions.contains_key(region)
        {
            return Err(undeclared(AGENCIES, "region", region));
        }
        let id = record.id.clone();
        if agencies.insert(id.clone(), record.into()).is_some() {
            return Err(twice(AGENCIES, &id.to_string()));
        }
    }
    Ok(agencies)
}

fn life_situations(files: &Files) -> Result<Vec<LifeSituation>, CatalogueError> {
    let file: LifeSituationsFile = parse(LIFE_SITUATIONS, registry(files, LIFE_SITUATIONS)?)?;
    let mut seen = BTreeSet::new();
    for record in &file.life_situation {
        if !seen.insert(record.id.clone()) {
            return Err(twice(LIFE_SITUATIONS, &record.id.to_string()));
        }
    }
    let positions = 0_u16..;
    let placed = positions.zip(file.life_situation);
    Ok(placed
        .map(|(position, record)| record.at(position))
        .collect())
}

fn scripts(files: &Files) -> Result<BTreeMap<String, Script>, CatalogueError> {
    files
        .list(SCRIPTS, ".toml")
        .map(|(id, text)| {
            let name = format!("{SCRIPTS}{id}.toml");
            let script: Script = parse(&name, text)?;
            if script.service != id {
                return Err(wrong(&name, "service", "the file's name"));
            }
            script
                .check()
                .map_err(|source| CatalogueError::Script { file: name, source })?;
            Ok((id.to_owned(), script))
        })
        .collect()
}

fn service(
    files: &Files,
    id: &str,
    text: &str,
    declared: &Declared<'_>,
    script: Option<Script>,
) -> Result<ServiceEntry, CatalogueError> {
    let file = format!("{SERVICES}{id}.toml");
    let record: ServiceRecord = parse(&file, text)?;
    if record.id.as_str() != id {
        return Err(wrong(&file, "id", "the file's name"));
    }
    check_references(&file, &record, declared)?;
    if !(1..=100).contains(&record.popularity) {
        return Err(wrong(&file, "popularity", "1 to 100"));
    }
    if !record.region_fits_level() {
        return Err(wrong(
            &file,
            "region",
            "given just for regional and municipal services",
        ));
    }
    let form = form(files, id)?;
    if record.form != form.is_some() {
        return Err(wrong(&file, "form", "true just where the form's files are"));
    }
    if let (Some(form), Some(script)) = (&form, &script) {
        check_fields(id, form, script)?;
    }
    Ok(ServiceEntry {
        service: record.into(),
        form,
        script: script.map(Arc::new),
    })
}

fn check_references(
    file: &str,
    record: &ServiceRecord,
    declared: &Declared<'_>,
) -> Result<(), CatalogueError> {
    if !declared.agencies.contains_key(&record.agency) {
        return Err(undeclared(file, "agency", &record.agency));
    }
    if let Some(region) = &record.region
        && !declared.regions.contains_key(region)
    {
        return Err(undeclared(file, "region", region));
    }
    let unknown = record
        .life_situations
        .iter()
        .find(|id| !declared.situations.contains(id));
    match unknown {
        Some(id) => Err(undeclared(file, "life_situations", id)),
        None => Ok(()),
    }
}

/// Corrections are asked for fields that the form has.
fn check_fields(id: &str, form: &FormEntry, script: &Script) -> Result<(), CatalogueError> {
    let unknown = script
        .fields()
        .find(|field| form.form.field(field).is_none());
    match unknown {
        Some(field) => Err(undeclared(&format!("{SCRIPTS}{id}.toml"), "fields", &field)),
        None => Ok(()),
    }
}

fn form(files: &Files, id: &str) -> Result<Option<FormEntry>, CatalogueError> {
    let schema_file = format!("{FORMS}{id}.schema.json");
    let layout_file = format!("{FORMS}{id}.ui.json");
    let (schema, layout) = match (files.find(&schema_file), files.find(&layout_file)) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(missing(schema_file)),
        (Some(_), None) => return Err(missing(layout_file)),
        (Some(schema), Some(layout)) => (json(&schema_file, schema)?, json(&layout_file, layout)?),
    };
    let version = declared_version(&schema, id)
        .ok_or_else(|| wrong(&schema_file, "$id", "urn:edinyi-klient:form:<id>:<version>"))?;
    let form = Form::parse(&schema, &layout).map_err(|source| CatalogueError::Form {
        file: schema_file.clone(),
        source,
    })?;
    let verdict = Verdict::new(&schema).map_err(|source| CatalogueError::Schema {
        file: schema_file,
        source,
    })?;
    Ok(Some(FormEntry {
        version,
        schema,
        layout,
        form,
        verdict,
    }))
}

fn declared_version(schema: &Value, id: &str) -> Option<u32> {
    let name = schema.get("$id")?.as_str()?;
    let version = name.strip_prefix("urn:edinyi-klient:form:")?;
    let version = version.strip_prefix(id)?.strip_prefix(':')?.parse().ok()?;
    (version > 0).then_some(version)
}

/// Forms and scripts belong to services.
fn refuse_strays(
    files: &Files,
    services: &BTreeMap<ServiceId, ServiceEntry>,
    scripts: &BTreeMap<String, Script>,
) -> Result<(), CatalogueError> {
    if let Some(id) = scripts.keys().next() {
        return Err(undeclared(&format!("{SCRIPTS}{id}.toml"), "service", id));
    }
    for suffix in [".schema.json", ".ui.json"] {
        for (id, _) in files.list(FORMS, suffix) {
            let known = id
                .parse()
                .is_ok_and(|id: ServiceId| services.contains_key(&id));
            if !known {
                return Err(undeclared(&format!("{FORMS}{id}{suffix}"), "$id", &id));
            }
        }
    }
    Ok(())
}

fn registry<'a>(files: &'a Files, name: &str) -> Result<&'a str, CatalogueError> {
    files.find(name).ok_or_else(|| missing(name.to_owned()))
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, CatalogueError> {
    toml::from_str(text).map_err(|source| CatalogueError::Toml {
        file: file.to_owned(),
        source: Box::new(source),
    })
}

fn json(file: &str, text: &str) -> Result<Value, CatalogueError> {
    serde_json::from_str(text).map_err(|source| CatalogueError::Json {
        file: file.to_owned(),
        source,
    })
}

fn missing(file: String) -> CatalogueError {
    CatalogueError::Missing { file }
}

fn wrong(file: &str, key: &'static str, expected: &'static str) -> CatalogueError {
    CatalogueError::Wrong {
        file: file.to_owned(),
        key,
        expected,
    }
}

fn twice(file: &str, id: &str) -> CatalogueError {
    CatalogueError::Twice {
        file: file.to_owned(),
        id: id.to_owned(),
    }
}

fn undeclared(file: &str, key: &'static str, value: &impl ToString) -> CatalogueError {
    CatalogueError::Undeclared {
        file: file.to_owned(),
        key,
        value: value.to_string(),
    }
}

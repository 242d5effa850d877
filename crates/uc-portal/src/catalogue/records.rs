//! The shapes of the catalogue's files.

use jiff::civil::Date;
use serde::Deserialize;
use uc_model::{
    AccountLevel, AgencyId, Audience, Channel, Level, LifeSituationId, Money, RegionId, ServiceId,
    Term,
};
use uc_portal_api::{Agency, Fee, LifeSituation, PublicService, Region};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgenciesFile {
    pub(super) agency: Vec<AgencyRecord>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgencyRecord {
    pub(super) id: AgencyId,
    title: String,
    title_en: String,
    short: String,
    level: Level,
    pub(super) region: Option<RegionId>,
}

impl From<AgencyRecord> for Agency {
    fn from(record: AgencyRecord) -> Self {
        Self {
            id: record.id,
            title: record.title,
            title_en: record.title_en,
            short: record.short,
            level: record.level,
            region: record.region,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionsFile {
    pub(super) region: Vec<RegionRecord>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionRecord {
    pub(super) id: RegionId,
    title: String,
    title_en: String,
    #[serde(default)]
    municipality: bool,
    /// Hours ahead of UTC; Moscow's where absent.
    pub(super) utc_offset: Option<i8>,
}

impl From<RegionRecord> for Region {
    fn from(record: RegionRecord) -> Self {
        Self {
            id: record.id,
            title: record.title,
            title_en: record.title_en,
            municipality: record.municipality,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LifeSituationsFile {
    pub(super) life_situation: Vec<LifeSituationRecord>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LifeSituationRecord {
    pub(super) id: LifeSituationId,
    title: String,
    title_en: String,
    icon: String,
}

impl LifeSituationRecord {
    pub(super) fn at(self, position: u16) -> LifeSituation {
        LifeSituation {
            id: self.id,
            title: self.title,
            title_en: self.title_en,
            icon: self.icon,
            position,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceRecord {
    pub(super) id: ServiceId,
    title: String,
    title_en: String,
    summary: String,
    level: Level,
    pub(super) agency: AgencyId,
    pub(super) region: Option<RegionId>,
    audience: Vec<Audience>,
    #[serde(default)]
    account_level: AccountLevel,
    pub(super) life_situations: Vec<LifeSituationId>,
    keywords: Vec<String>,
    pub(super) popularity: u8,
    who: String,
    result: String,
    documents: Vec<String>,
    channels: Vec<Channel>,
    term: Option<TermRecord>,
    fee: Option<FeeRecord>,
    legal_ground: Vec<String>,
    source: String,
    as_of: Date,
    #[serde(default)]
    pub(super) form: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TermRecord {
    text: String,
    working_days: Option<u16>,
    calendar_days: Option<u16>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeeRecord {
    kopecks: u64,
    text: String,
    legal_ground: Option<String>,
}

impl ServiceRecord {
    /// A region where there must be one, none where there must not.
    pub(super) fn region_fits_level(&self) -> bool {
        match self.level {
            Level::Federal => self.region.is_none(),
            Level::Regional | Level::Municipal => self.region.is_some(),
        }
    }
}

impl From<ServiceRecord> for PublicService {
    fn from(record: ServiceRecord) -> Self {
        Self {
            id: record.id,
            title: record.title,
            title_en: record.title_en,
            summary: record.summary,
            level: record.level,
            agency: record.agency,
            region: record.region,
            audience: record.audience,
            account_level: record.account_level,
            life_situations: record.life_situations,
            keywords: record.keywords,
            popularity: record.popularity,
            who: record.who,
            result: record.result,
            documents: record.documents,
            channels: record.channels,
            term: record.term.map(|term| Term {
                text: term.text,
                working_days: term.working_days,
                calendar_days: term.calendar_days,
            }),
            fee: record.fee.map(|fee| Fee {
                kopecks: Money::from_kopecks(fee.kopecks),
                text: fee.text,
                legal_ground: fee.legal_ground,
            }),
            legal_ground: record.legal_ground,
            source: record.source,
            as_of: record.as_of,
            has_form: record.form,
        }
    }
}

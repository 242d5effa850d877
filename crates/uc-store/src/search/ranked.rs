//! Running a search and paging through what it found.

use rusqlite::{Connection, params};
use uc_model::{AgencyId, LifeSituationId, RegionId};

use super::{
    plan::{self, Clause},
    stems,
};
use crate::{
    Page, PublicView, ServiceFilter, ServiceSummary, StoreError,
    page::{parse_cursor, parse_field},
    public::{PASSES, SUMMARY, SUMMARY_WITH_PLACE, read_summary},
    value::{row, rows},
};

/// The best first: BM25 (negative, the less the better) with the title ten times and keywords five times the body's
/// weight, and up to half as much again for popularity, which is the low end of the key.
const SCORE: &str = "bm25(search, 10.0, 5.0, 1.0) * (1.0 + (search.rowid & 127) / 200.0)";

impl PublicView<'_> {
    /// A page of the services that the words of `text` find and that pass the filter, best first; with no words, the
    /// most popular first. Any text is a query. `after` is the `next` of the page before.
    pub fn search_services(
        &self,
        text: &str,
        filter: &ServiceFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        let words = stems::of_query(text);
        if words.is_empty() {
            return self.list_services(filter, after, limit);
        }
        let Some(after) = after else {
            return self.search_leniently(&words, filter, limit);
        };
        let [leniency, score, key] = parse_cursor(after)?;
        let place = Place {
            score: f64::from_bits(parse_field(score)?),
            key: parse_field(key)?,
        };
        let leniency = Leniency(parse_field(leniency)?);
        let expression = leniency
            .expression(self.db, &words)?
            .ok_or(StoreError::BadCursor)?;
        self.ranked(leniency, &expression, filter, Some(place), limit)
    }

    fn search_leniently(
        &self,
        words: &[stems::Word],
        filter: &ServiceFilter,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        for leniency in 0..=u8::MAX {
            let leniency = Leniency(leniency);
            let Some(expression) = leniency.expression(self.db, words)? else {
                break;
            };
            let page = self.ranked(leniency, &expression, filter, None, limit)?;
            if page.total > 0 {
                return Ok(page);
            }
        }
        Ok(Page {
            items: Vec::new(),
            next: None,
            total: 0,
        })
    }

    fn ranked(
        &self,
        leniency: Leniency,
        expression: &str,
        filter: &ServiceFilter,
        after: Option<Place>,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        let narrow = if filter.is_open() {
            String::new()
        } else {
            format!(" AND search.rowid IN (SELECT key FROM service WHERE {PASSES})")
        };
        let total = self.count_ranked(expression, filter, &narrow)?;
        if total == 0 {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                total,
            });
        }
        let from = after.unwrap_or(Place::START);
        let found = rows(
            self.db,
            &format!(
                "SELECT key, score FROM (SELECT search.rowid AS key, {SCORE} AS score FROM search
                   WHERE search MATCH ?5{narrow})
                 WHERE (score, key) > (?6, ?7) ORDER BY score, key LIMIT ?8"
            ),
            params![
                filter.life_situation.as_ref().map(LifeSituationId::as_str),
                filter.agency.as_ref().map(AgencyId::as_str),
                filter.region.as_ref().map(RegionId::as_str),
                filter.with_form,
                expression,
                from.score,
                from.key,
                limit + 1,
            ],
            |row| {
                Ok(Place {
                    key: row.get(0)?,
                    score: row.get(1)?,
                })
            },
        )?;
        let page = Page::cut(found, limit, total, |place| {
            format!("{}.{}.{}", leniency.0, place.score.to_bits(), place.key)
        });
        self.hydrate(page)
    }
}

impl PublicView<'_> {
    fn count_ranked(
        &self,
        expression: &str,
        filter: &ServiceFilter,
        narrow: &str,
    ) -> Result<u32, StoreError> {
        row(
            self.db,
            &format!("SELECT count(*) FROM search WHERE search MATCH ?5{narrow}"),
            params![
                filter.life_situation.as_ref().map(LifeSituationId::as_str),
                filter.agency.as_ref().map(AgencyId::as_str),
                filter.region.as_ref().map(RegionId::as_str),
                filter.with_form,
                expression,
            ],
            |row| row.get(0),
        )
    }

    fn hydrate(&self, page: Page<Place>) -> Result<Page<ServiceSummary>, StoreError> {
        let sql = format!("{SUMMARY} WHERE service.key = ?");
        let mut items = Vec::with_capacity(page.items.len());
        for place in &page.items {
            items.push(row(self.db, &sql, [place.key], read_summary)?);
        }
        Ok(Page {
            items,
            next: page.next,
            total: page.total,
        })
    }

    /// Without words: the most popular first.
    fn list_services(
        &self,
        filter: &ServiceFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        let (popularity, key) = match after.map(parse_cursor::<2>).transpose()? {
            Some([popularity, key]) => (parse_field(popularity)?, parse_field(key)?),
            None => (i64::MAX, i64::MIN),
        };
        let narrow = (
            filter.life_situation.as_ref().map(LifeSituationId::as_str),
            filter.agency.as_ref().map(AgencyId::as_str),
            filter.region.as_ref().map(RegionId::as_str),
            filter.with_form,
        );
        let total = row(
            self.db,
            &format!("SELECT count(*) FROM service WHERE {PASSES}"),
            narrow,
            |row| row.get(0),
        )?;
        let found = rows(
            self.db,
            &format!(
                "{SUMMARY_WITH_PLACE} WHERE {PASSES} AND (popularity < ?5 OR (popularity = ?5 AND key > ?6))
                 ORDER BY popularity DESC, key LIMIT ?7"
            ),
            params![narrow.0, narrow.1, narrow.2, narrow.3, popularity, key, limit + 1],
            |row| {
                let place: (i64, i64) = (row.get(8)?, row.get(9)?);
                Ok((place, read_summary(row)?))
            },
        )?;
        let page = Page::cut(found, limit, total, |((popularity, key), _)| {
            format!("{popularity}.{key}")
        });
        Ok(page.map(|(_, summary)| summary))
    }
}

/// Where a service stands among those found.
#[derive(Debug, Clone, Copy)]
struct Place {
    score: f64,
    key: i64,
}

impl Place {
    /// Before the best.
    const START: Self = Self {
        score: f64::NEG_INFINITY,
        key: i64::MIN,
    };
}

/// How leniently a query is asked: 0 as typed, 1 as it may have been meant, from 2 on with so many words fewer.
#[derive(Debug, Clone, Copy)]
struct Leniency(u8);

impl Leniency {
    /// The expression to ask; `None` when the query cannot be asked more leniently.
    fn expression(
        self,
        db: &Connection,
        words: &[stems::Word],
    ) -> Result<Option<String>, StoreError> {
        let (clauses, fewer): (Vec<Clause>, usize) = match self.0 {
            0 => (plan::strict(words), 0),
            more => (plan::meant(db, words)?, usize::from(more) - 1),
        };
        if clauses.len() <= fewer {
            return Ok(None);
        }
        Ok(Some(plan::at_least(&clauses, clauses.len() - fewer)))
    }
}

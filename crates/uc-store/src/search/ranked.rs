//! Running a search and paging through what it found.

use std::{cmp::Ordering, collections::BinaryHeap};

use rusqlite::{Connection, params};
use uc_model::{AgencyId, LifeSituationId, RegionId};

use super::{
    layout, marks,
    plan::{self, Clause},
    stems,
};
use crate::{
    Page, PublicView, ServiceFilter, ServiceSummary, StoreError,
    page::{parse_cursor, parse_field},
    public::{COUNT_PASSING, Key, LIST_POPULAR, SUMMARY_OF_KEYS, bit, passes, read_summary},
    value::{row, rows},
};

/// What matches, scored: the title has ten times and keywords five times the body's weight. A word's weight wears out
/// fast as it grows, and popularity would outweigh it, so what the title says counts once more by itself: a title that
/// has a word comes before texts that only mention it.
macro_rules! matching {
    () => {
        "SELECT search.rowid, bm25(search, 10.0, 5.0, 1.0) + 0.8 * bm25(search, 10.0, 0.0, 0.0)
         FROM search WHERE search MATCH ?6"
    };
}

/// The most popular that match: keys stand in this order, so nothing is scored.
const FIRST_KEYS: &str = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid LIMIT ?";

/// So much more counts a service that is called just as it was asked for.
const CALLED_SO: f64 = 1.5;
/// Such services that count more.
const MOST_CALLED_SO: u32 = 3;
/// Of so few services none needs to count more: all are seen at once.
const FEW: usize = 5;

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
        if stems::of_query(text).is_empty() {
            return self.list_services(filter, after, limit);
        }
        let Some(after) = after else {
            return self.search_leniently(text, filter, limit);
        };
        let [leniency, score, key] = parse_cursor(after)?;
        let place = Place {
            score: f64::from_bits(parse_field(score)?),
            key: Key(parse_field(key)?),
        };
        let asked = Leniency(parse_field(leniency)?)
            .ask(self.db, text)?
            .ok_or(StoreError::BadCursor)?;
        self.ranked(&asked, filter, Some(place), limit)
    }

    fn search_leniently(
        &self,
        text: &str,
        filter: &ServiceFilter,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        for leniency in 0..=u8::MAX {
            let Some(asked) = Leniency(leniency).ask(self.db, text)? else {
                break;
            };
            let page = self.ranked(&asked, filter, None, limit)?;
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

    /// All that match, counted and scored once each, the best kept.
    fn ranked(
        &self,
        asked: &Asked,
        filter: &ServiceFilter,
        after: Option<Place>,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        let mut statement = self.db.prepare_cached(if filter.is_open() {
            concat!(
                matching!(),
                " AND ?1 IS NULL AND ?2 IS NULL AND ?3 IS NULL AND NOT ?4 AND ?5 IS NULL"
            )
        } else {
            concat!(
                matching!(),
                " AND search.rowid IN (SELECT key FROM service WHERE ",
                passes!(),
                ")"
            )
        })?;
        let mut matching = statement.query(params![
            filter.life_situation.as_ref().map(LifeSituationId::as_str),
            filter.agency.as_ref().map(AgencyId::as_str),
            filter.region.as_ref().map(RegionId::as_str),
            filter.with_form,
            filter.audience.map(bit),
            asked.expression,
        ])?;
        let mut found = Vec::new();
        while let Some(row) = matching.next()? {
            found.push((Key(row.get(0)?), row.get(1)?));
        }
        let called_so = if found.len() > FEW {
            self.called_so(asked)?
        } else {
            Vec::new()
        };
        let mut best = Best::new(limit);
        for (key, bm25) in &found {
            let place = Place::new(*key, *bm25, called_so.contains(&key.0));
            if after.is_none_or(|after| place > after) {
                best.offer(place);
            }
        }
        let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let page = Page::cut(best.into_sorted(), limit, total, |place| {
            format!(
                "{}.{}.{}",
                asked.leniency.0,
                place.score.to_bits(),
                place.key.0
            )
        });
        self.hydrate(page, &asked.clauses)
    }

    /// The most popular services that are called just as it was asked.
    fn called_so(&self, asked: &Asked) -> Result<Vec<i64>, StoreError> {
        rows(
            self.db,
            FIRST_KEYS,
            params![plan::as_called(&asked.clauses), MOST_CALLED_SO],
            |row| row.get(0),
        )
    }

    fn hydrate(
        &self,
        page: Page<Place>,
        clauses: &[Clause],
    ) -> Result<Page<ServiceSummary>, StoreError> {
        let keys: Vec<i64> = page.items.iter().map(|place| place.key.0).collect();
        Ok(Page {
            items: self.summaries(&keys, clauses)?,
            next: page.next,
            total: page.total,
        })
    }

    fn summaries(
        &self,
        keys: &[i64],
        clauses: &[Clause],
    ) -> Result<Vec<ServiceSummary>, StoreError> {
        let keys = serde_json::to_string(keys)?;
        let mut services = rows(self.db, SUMMARY_OF_KEYS, [keys], read_summary)?;
        for service in &mut services {
            marks::set(service, clauses);
        }
        Ok(services)
    }

    /// The most popular services whose title or keywords have what is typed so far; where none has, what the search finds.
    /// Nothing is scored or counted, so it takes as long as what it shows, whatever there is.
    pub fn suggest_services(
        &self,
        text: &str,
        limit: u32,
    ) -> Result<Vec<ServiceSummary>, StoreError> {
        let words = stems::of_query(text);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let clauses = plan::strict(&words);
        let keys: Vec<i64> = rows(
            self.db,
            FIRST_KEYS,
            params![plan::in_names(&clauses), limit],
            |row| row.get(0),
        )?;
        if keys.is_empty() {
            let page = self.search_leniently(text, &ServiceFilter::default(), limit)?;
            return Ok(page.items);
        }
        self.summaries(&keys, &clauses)
    }

    /// Without words: the most popular first.
    fn list_services(
        &self,
        filter: &ServiceFilter,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        let after = match after.map(parse_cursor::<1>).transpose()? {
            Some([key]) => parse_field(key)?,
            None => i64::MIN,
        };
        let narrow = (
            filter.life_situation.as_ref().map(LifeSituationId::as_str),
            filter.agency.as_ref().map(AgencyId::as_str),
            filter.region.as_ref().map(RegionId::as_str),
            filter.with_form,
            filter.audience.map(bit),
        );
        let total = row(self.db, COUNT_PASSING, narrow, |row| row.get(0))?;
        let found = rows(
            self.db,
            LIST_POPULAR,
            params![
                narrow.0,
                narrow.1,
                narrow.2,
                narrow.3,
                narrow.4,
                after,
                limit + 1
            ],
            |row| Ok((row.get::<_, i64>(8)?, read_summary(row)?)),
        )?;
        let page = Page::cut(found, limit, total, |(key, _)| key.to_string());
        Ok(page.map(|(_, summary)| summary))
    }
}

/// Where a service stands among those found: the less, the better.
#[derive(Debug, Clone, Copy)]
struct Place {
    score: f64,
    key: Key,
}

impl Place {
    /// BM25 is negative, the less the better. Popularity adds up to half as much again, and so does the right name.
    #[expect(clippy::cast_precision_loss, reason = "popularity is less than 128")]
    fn new(key: Key, bm25: f64, is_called_so: bool) -> Self {
        let popularity = key.popularity() as f64;
        let name = if is_called_so { CALLED_SO } else { 1.0 };
        Self {
            score: bm25 * name * (1.0 + popularity / 200.0),
            key,
        }
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then(self.key.cmp(&other.key))
    }
}

/// The best of many places: one more than a page shows, to know whether there is another.
struct Best {
    kept: BinaryHeap<Place>,
    room: usize,
}

impl Best {
    fn new(limit: u32) -> Self {
        let room = limit as usize + 1;
        Self {
            kept: BinaryHeap::with_capacity(room + 1),
            room,
        }
    }

    fn offer(&mut self, place: Place) {
        if self.kept.len() < self.room {
            self.kept.push(place);
        } else if let Some(mut worst) = self.kept.peek_mut()
            && place < *worst
        {
            *worst = place;
        }
    }

    fn into_sorted(self) -> Vec<Place> {
        self.kept.into_sorted_vec()
    }
}

/// How leniently a query is asked: 0 as typed, 1 as it may have been meant, from 2 on with so many words fewer.
#[derive(Debug, Clone, Copy)]
struct Leniency(u8);

impl Leniency {
    /// What to ask; `None` when the query cannot be asked more leniently.
    fn ask(self, db: &Connection, text: &str) -> Result<Option<Asked>, StoreError> {
        let (clauses, fewer): (Vec<Clause>, usize) = match self.0 {
            0 => (plan::strict(&stems::of_query(text)), 0),
            more => {
                let words = stems::of_query(&layout::read(db, text)?);
                (plan::meant(db, &words)?, usize::from(more) - 1)
            }
        };
        if clauses.len() <= fewer {
            return Ok(None);
        }
        Ok(Some(Asked {
            leniency: self,
            expression: plan::at_least(&clauses, clauses.len() - fewer),
            clauses,
        }))
    }
}

/// A query as the index takes it.
struct Asked {
    leniency: Leniency,
    clauses: Vec<Clause>,
    expression: String,
}

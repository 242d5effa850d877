//! Running a search and paging through what it found.

use std::{cmp::Ordering, collections::BinaryHeap};

use rusqlite::{Connection, params};
use uc_model::{AgencyId, LifeSituationId, RegionId};

use super::{
    layout,
    plan::{self, Clause},
    stems,
};
use crate::{
    Page, PublicView, ServiceFilter, ServiceSummary, StoreError,
    page::{parse_cursor, parse_field},
    public::{COUNT_PASSING, LIST_POPULAR, POPULARITY_STEP, SUMMARY_OF_KEYS, passes, read_summary},
    value::{row, rows},
};

/// What matches, scored: the title has ten times and keywords five times the body's weight. A word's weight wears out
/// fast as it grows, and popularity would outweigh it, so what the title says counts once more by itself: a title that
/// has a word comes before texts that only mention it.
macro_rules! matching {
    () => {
        "SELECT search.rowid, bm25(search, 10.0, 5.0, 1.0) + 0.8 * bm25(search, 10.0, 0.0, 0.0)
         FROM search WHERE search MATCH ?5"
    };
}

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
            key: parse_field(key)?,
        };
        let leniency = Leniency(parse_field(leniency)?);
        let expression = leniency
            .expression(self.db, text)?
            .ok_or(StoreError::BadCursor)?;
        self.ranked(leniency, &expression, filter, Some(place), limit)
    }

    fn search_leniently(
        &self,
        text: &str,
        filter: &ServiceFilter,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        for leniency in 0..=u8::MAX {
            let leniency = Leniency(leniency);
            let Some(expression) = leniency.expression(self.db, text)? else {
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

    /// One pass over all that match: counted and scored once each, the best kept.
    fn ranked(
        &self,
        leniency: Leniency,
        expression: &str,
        filter: &ServiceFilter,
        after: Option<Place>,
        limit: u32,
    ) -> Result<Page<ServiceSummary>, StoreError> {
        let mut statement = self.db.prepare_cached(if filter.is_open() {
            concat!(
                matching!(),
                " AND ?1 IS NULL AND ?2 IS NULL AND ?3 IS NULL AND NOT ?4"
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
            expression,
        ])?;
        let (mut total, mut best) = (0, Best::new(limit));
        while let Some(row) = matching.next()? {
            total += 1;
            let place = Place::new(row.get(0)?, row.get(1)?);
            if after.is_none_or(|after| place > after) {
                best.offer(place);
            }
        }
        let page = Page::cut(best.into_sorted(), limit, total, |place| {
            format!("{}.{}.{}", leniency.0, place.score.to_bits(), place.key)
        });
        self.hydrate(page)
    }

    fn hydrate(&self, page: Page<Place>) -> Result<Page<ServiceSummary>, StoreError> {
        let keys: Vec<i64> = page.items.iter().map(|place| place.key).collect();
        let items = rows(
            self.db,
            SUMMARY_OF_KEYS,
            [serde_json::to_string(&keys)?],
            read_summary,
        )?;
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
        let total = row(self.db, COUNT_PASSING, narrow, |row| row.get(0))?;
        let found = rows(
            self.db,
            LIST_POPULAR,
            params![
                narrow.0,
                narrow.1,
                narrow.2,
                narrow.3,
                popularity,
                key,
                limit + 1
            ],
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

/// Where a service stands among those found: the less, the better.
#[derive(Debug, Clone, Copy)]
struct Place {
    score: f64,
    key: i64,
}

impl Place {
    /// BM25 is negative, the less the better. Popularity, the low end of the key, adds up to half as much again.
    #[expect(clippy::cast_precision_loss, reason = "popularity is less than 128")]
    fn new(key: i64, bm25: f64) -> Self {
        let popularity = (key % POPULARITY_STEP) as f64;
        Self {
            score: bm25 * (1.0 + popularity / 200.0),
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
    /// The expression to ask; `None` when the query cannot be asked more leniently.
    fn expression(self, db: &Connection, text: &str) -> Result<Option<String>, StoreError> {
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
        Ok(Some(plan::at_least(&clauses, clauses.len() - fewer)))
    }
}

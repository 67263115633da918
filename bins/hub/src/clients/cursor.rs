//! Where a page of a list begins: after a document, whatever comes or goes before it.

use erpnext_client::{DocName, Filter};
use jiff::civil::Date;

use super::rows::Invoice;

/// Which way a list is walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// From the newest on.
    #[default]
    Older,
    /// Back towards the newest.
    Newer,
}

/// A place in the list of invoices, which is in the order of their days, then of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    way: Way,
    after: Option<(Date, DocName)>,
}

impl Cursor {
    /// Reads `avant.2026-08-25.SINV-1`, `apres.…` or nothing, which is the beginning.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let mut parts = text.splitn(3, '.');
        let way = match parts.next()? {
            "avant" => Way::Older,
            "apres" => Way::Newer,
            _ => return None,
        };
        let day = parts.next()?.parse().ok()?;
        let name = DocName::new(parts.next()?).ok()?;
        Some(Self {
            way,
            after: Some((day, name)),
        })
    }

    pub(super) fn way(&self) -> Way {
        self.way
    }

    /// The invoices beyond the cursor: of a later day, or of the same and a later number.
    pub(super) fn narrow<T>(&self, list: erpnext_client::List<T>) -> erpnext_client::List<T> {
        match (&self.after, self.way) {
            (None, _) => list,
            (Some((day, name)), Way::Older) => list
                .filter(Filter::le("posting_date", *day))
                .or_filter(Filter::lt("posting_date", *day))
                .or_filter(Filter::lt("name", name)),
            (Some((day, name)), Way::Newer) => list
                .filter(Filter::ge("posting_date", *day))
                .or_filter(Filter::gt("posting_date", *day))
                .or_filter(Filter::gt("name", name)),
        }
    }

    /// The cursors of the pages of newer and of older invoices, around these; `more` where there
    /// are more the way that was gone.
    pub(super) fn around(&self, rows: &[Invoice], more: bool) -> (Option<String>, Option<String>) {
        let write = |way: &str, row: Option<&Invoice>| {
            let row = row?;
            Some(format!("{way}.{}.{}", row.posting_date?, row.name))
        };
        let (newer, older) = match self.way {
            Way::Older => (self.after.is_some(), more),
            Way::Newer => (more, self.after.is_some()),
        };
        (
            newer.then(|| write("apres", rows.first())).flatten(),
            older.then(|| write("avant", rows.last())).flatten(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoice(name: &str, day: &str) -> Invoice {
        serde_json::from_value(serde_json::json!({"name": name, "posting_date": day})).unwrap()
    }

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        let rows = [invoice("S.2", "2026-08-25"), invoice("S.1", "2026-07-25")];
        let first = Cursor::read("").unwrap();
        assert_eq!(first.around(&rows, false), (None, None));
        let (newer, older) = first.around(&rows, true);
        assert_eq!(
            (newer, older.as_deref()),
            (None, Some("avant.2026-07-25.S.1"))
        );
        let second = Cursor::read(&older.unwrap()).unwrap();
        assert_eq!(second.way(), Way::Older);
        let (newer, older) = second.around(&rows, false);
        assert_eq!(
            (newer.as_deref(), older),
            (Some("apres.2026-08-25.S.2"), None)
        );
        let back = Cursor::read(&newer.unwrap()).unwrap();
        let (newer, older) = back.around(&rows, false);
        assert_eq!(newer, None);
        assert!(older.is_some());
        for text in [
            "x",
            "avant",
            "avant.2026-13-01.S",
            "avant.2026-01-01.",
            "toutes",
        ] {
            assert_eq!(Cursor::read(text), None, "{text}");
        }
    }
}

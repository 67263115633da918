use maud::{Markup, Render, html};

use crate::safe_href;

/// What stands in a column, which decides its alignment and its place on a phone.
///
/// # Examples
///
/// ```
/// assert_eq!(ui_kit::Align::default(), ui_kit::Align::Text);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Align {
    /// Words, from the left.
    #[default]
    Text,
    /// Numbers, to the right.
    Number,
    /// A badge, beside the name on a phone.
    State,
}

/// A heading of a table.
#[derive(Debug, Clone)]
struct Column {
    label: String,
    align: Align,
    sort: Option<(String, Option<bool>)>,
}

/// A table that becomes a list of blocks on a phone; its first column names the row.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Align, Row, Table};
///
/// let table = Table::new("Factures")
///     .column("Numéro", Align::Text)
///     .column("Montant", Align::Number)
///     .row(Row::new("SINV-1").link("/factures/1").cell("91,97\u{a0}$"));
/// let html = table.render().into_string();
/// assert!(html.contains("<th scope=\"row\"><a href=\"/factures/1\">SINV-1</a></th>"));
/// assert!(html.contains("data-l=\"Montant\""));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    small: bool,
    cards: bool,
    stacked: bool,
    results: bool,
}

impl Table {
    /// Makes a table; the caption names it for those who do not see it.
    pub fn new(caption: impl Into<String>) -> Self {
        Self {
            caption: caption.into(),
            columns: Vec::new(),
            rows: Vec::new(),
            small: false,
            cards: true,
            stacked: false,
            results: false,
        }
    }

    /// Adds a column.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Align, Render, Table};
    ///
    /// let html = Table::new("Factures").column("Montant", Align::Number).render().into_string();
    /// assert!(html.contains(">Montant</th>"));
    /// ```
    pub fn column(mut self, label: impl Into<String>, align: Align) -> Self {
        self.columns.push(Column {
            label: label.into(),
            align,
            sort: None,
        });
        self
    }

    /// Adds a column whose heading sorts: the address, and whether it is sorted now and upwards.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::{Align, Table};
    ///
    /// let table = Table::new("Clients").sorted("Nom", Align::Text, "?sort=nom", Some(true));
    /// assert!(table.render().into_string().contains("aria-sort=\"ascending\""));
    /// ```
    pub fn sorted(
        mut self,
        label: impl Into<String>,
        align: Align,
        href: &str,
        ascending: Option<bool>,
    ) -> Self {
        self.columns.push(Column {
            label: label.into(),
            align,
            sort: Some((safe_href(href).to_owned(), ascending)),
        });
        self
    }

    /// Adds a row.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Align, Render, Row, Table};
    ///
    /// let html = Table::new("Factures").column("Nom", Align::Text).row(Row::new("SINV-1")).render().into_string();
    /// assert!(html.contains("SINV-1"));
    /// ```
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// Adds rows.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Row, Table};
    ///
    /// let html = Table::new("Factures").rows(["a", "b"].map(Row::new)).render().into_string();
    /// assert!(html.contains("<th scope=\"row\">b</th>"));
    /// ```
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// Makes the text small, for a table inside a card.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Table};
    ///
    /// let html = Table::new("Factures").small().render().into_string();
    /// assert!(html.contains("table small"));
    /// ```
    pub fn small(mut self) -> Self {
        self.small = true;
        self.cards = false;
        self
    }

    /// Makes every row a block at any width, for a narrow card.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::Table;
    ///
    /// let html = Table::new("Sources").stacked().render().into_string();
    /// assert!(html.contains("table small stacked"));
    /// ```
    pub fn stacked(mut self) -> Self {
        self.stacked = true;
        self.small()
    }

    /// Offers the links of the rows to the palette.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Table};
    ///
    /// let html = Table::new("Factures").results().render().into_string();
    /// assert!(html.contains("data-results"));
    /// ```
    pub fn results(mut self) -> Self {
        self.results = true;
        self
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        let align = |index: usize| self.columns.get(index).map_or(Align::Text, |c| c.align);
        let label = |index: usize| self.columns.get(index).map(|c| c.label.as_str());
        html! {
            div.tablewrap tabindex="0" role="group" aria-label=(self.caption) {
                table.table.cards[self.cards].small[self.small].stacked[self.stacked] data-results[self.results] {
                    caption.vh { (self.caption) }
                    thead { tr {
                        @for column in &self.columns {
                            th scope="col" class=[class(column.align)]
                                aria-sort=[column.sort.as_ref().and_then(|s| s.1).map(direction)] {
                                @if let Some((href, _)) = &column.sort {
                                    a href=(href) { (column.label) }
                                } @else { (column.label) }
                            }
                        }
                    } }
                    tbody { @for row in &self.rows { tr {
                        th scope="row" {
                            @if let Some(href) = &row.href { a href=(href) data-meta=[&row.meta] { (row.name) } }
                            @else { (row.name) }
                            @if let Some(note) = &row.note { " " small.muted { (note) } }
                        }
                        @for (index, cell) in row.cells.iter().enumerate() {
                            td class=[class(align(index + 1))]
                                data-l=[label(index + 1).filter(|_| (self.cards || self.stacked) && align(index + 1) != Align::State)] {
                                (cell)
                            }
                        }
                    } } }
                }
            }
        }
    }
}

fn class(align: Align) -> Option<&'static str> {
    match align {
        Align::Text => None,
        Align::Number => Some("num"),
        Align::State => Some("state"),
    }
}

fn direction(ascending: bool) -> &'static str {
    if ascending { "ascending" } else { "descending" }
}

/// A row of a [`Table`]: its name, then one cell a column.
///
/// # Examples
///
/// ```
/// let row = ui_kit::Row::new("LAN1").cell("1\u{a0}Gbit/s");
/// # let _ = row;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Row {
    name: String,
    note: Option<String>,
    meta: Option<String>,
    href: Option<String>,
    cells: Vec<Markup>,
}

impl Row {
    /// Makes a row with its name, the first column.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            note: None,
            meta: None,
            href: None,
            cells: Vec::new(),
        }
    }

    /// Makes the name a link.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Row, Table};
    ///
    /// let html = Table::new("Factures").row(Row::new("SINV-1").link("/f/1")).render().into_string();
    /// assert!(html.contains("href=\"/f/1\""));
    /// ```
    pub fn link(mut self, href: &str) -> Self {
        self.href = Some(safe_href(href).to_owned());
        self
    }

    /// Adds a small note after the name.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Row, Table};
    ///
    /// let html = Table::new("Factures").row(Row::new("SINV-1").note("avoir")).render().into_string();
    /// assert!(html.contains("avoir"));
    /// ```
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Sets what the palette shows at the right of the name.
    pub fn meta(mut self, meta: impl Into<String>) -> Self {
        self.meta = Some(meta.into());
        self
    }

    /// Adds a cell.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Row, Table};
    ///
    /// let html = Table::new("Factures").row(Row::new("SINV-1").cell("91,97")).render().into_string();
    /// assert!(html.contains("91,97"));
    /// ```
    pub fn cell(mut self, cell: impl Render) -> Self {
        self.cells.push(cell.render());
        self
    }

    /// Adds a cell, empty when there is nothing to say.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Row, Table};
    ///
    /// let html = Table::new("Factures").row(Row::new("SINV-1").cell_if(None::<&str>)).render().into_string();
    /// assert!(html.contains("<td></td>"));
    /// ```
    pub fn cell_if(self, cell: Option<impl Render>) -> Self {
        match cell {
            Some(cell) => self.cell(cell),
            None => self.cell(""),
        }
    }
}

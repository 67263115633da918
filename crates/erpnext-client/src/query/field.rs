//! What a list gives of each document.

/// A column, a table of child rows, or an aggregate that a list gives.
///
/// Text becomes a column by `into()`: `status`, `*` (every column of the doctype, no child rows),
/// `items.qty` (a child table: one row of the list per child row), `customer.territory` (through a
/// Link), `` `tabSales Invoice Item`.qty ``, each with ` as other_name` where wanted.
///
/// # Examples
/// ```
/// use erpnext_client::{Dialect, Field, Query};
///
/// let query = Query::new()
///     .fields(["customer"])
///     .field(Field::sum("outstanding_amount").named("owed"))
///     .group_by("customer");
/// let of = |dialect| query.render("Sales Invoice", dialect).map(|r| r.fields().to_string());
/// assert_eq!(of(Dialect::V15)?, r#"["customer","sum(outstanding_amount) as owed"]"#);
/// assert_eq!(of(Dialect::V16)?, r#"["customer",{"SUM":"outstanding_amount","as":"owed"}]"#);
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Field {
    pub(crate) kind: Kind,
    pub(crate) alias: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Column(String),
    Rows(String, Vec<String>),
    Aggregate(Function, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    Sum,
    Avg,
    Min,
    Max,
}

impl Function {
    pub(crate) fn lower(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    pub(crate) fn upper(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Sum => "SUM",
            Self::Avg => "AVG",
            Self::Min => "MIN",
            Self::Max => "MAX",
        }
    }
}

impl Field {
    fn aggregate(function: Function, column: impl Into<String>) -> Self {
        Self {
            kind: Kind::Aggregate(function, column.into()),
            alias: Some(function.lower().to_owned()),
        }
    }

    /// The number of documents, named `count`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Field, Query};
    ///
    /// let query = Query::new().field(Field::count());
    /// let rendered = query.render("Sales Invoice", Dialect::V15)?;
    /// assert_eq!(rendered.fields()[0], "count(name) as count");
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn count() -> Self {
        Self::aggregate(Function::Count, "name")
    }

    /// The number of documents in which a column is set, named `count`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Field, Query};
    ///
    /// let query = Query::new().field(Field::count_of("email_id"));
    /// let rendered = query.render("Sales Invoice", Dialect::V15)?;
    /// assert_eq!(rendered.fields()[0], "count(email_id) as count");
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn count_of(column: impl Into<String>) -> Self {
        Self::aggregate(Function::Count, column)
    }

    /// The sum of a column, named `sum`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Field, Query};
    ///
    /// let query = Query::new().field(Field::sum("grand_total"));
    /// let rendered = query.render("Sales Invoice", Dialect::V15)?;
    /// assert_eq!(rendered.fields()[0], "sum(grand_total) as sum");
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn sum(column: impl Into<String>) -> Self {
        Self::aggregate(Function::Sum, column)
    }

    /// The mean of a column, named `avg`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Field, Query};
    ///
    /// let query = Query::new().field(Field::avg("grand_total").named("mean"));
    /// let rendered = query.render("Sales Invoice", Dialect::V15)?;
    /// assert_eq!(rendered.fields()[0], "avg(grand_total) as mean");
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn avg(column: impl Into<String>) -> Self {
        Self::aggregate(Function::Avg, column)
    }

    /// The least of a column, named `min`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Field, Query};
    ///
    /// let query = Query::new().field(Field::min("posting_date"));
    /// let rendered = query.render("Sales Invoice", Dialect::V15)?;
    /// assert_eq!(rendered.fields()[0], "min(posting_date) as min");
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn min(column: impl Into<String>) -> Self {
        Self::aggregate(Function::Min, column)
    }

    /// The greatest of a column, named `max`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Field, Query};
    ///
    /// let query = Query::new().field(Field::max("posting_date"));
    /// let rendered = query.render("Sales Invoice", Dialect::V15)?;
    /// assert_eq!(rendered.fields()[0], "max(posting_date) as max");
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn max(column: impl Into<String>) -> Self {
        Self::aggregate(Function::Max, column)
    }

    /// The rows of a child table as an array in their document. Frappe 16 only; on 15 read the
    /// documents, or select `table.column` for one row of the list per child row.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Field, Query};
    ///
    /// let query = Query::new().fields(["name"]).field(Field::rows("items", ["item_code", "qty"]));
    /// let rendered = query.render("Sales Invoice", Dialect::V16)?;
    /// assert_eq!(rendered.fields().to_string(), r#"["name",{"items":["item_code","qty"]}]"#);
    /// assert!(query.render("Sales Invoice", Dialect::V15).is_err());
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn rows<C: Into<String>>(
        table: impl Into<String>,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self {
            kind: Kind::Rows(table.into(), columns),
            alias: None,
        }
    }

    /// Gives the field another name in the answer.
    pub fn named(mut self, alias: impl Into<String>) -> Self {
        self.alias = Some(alias.into());
        self
    }
}

impl From<String> for Field {
    fn from(text: String) -> Self {
        let (column, alias) = match text.rsplit_once(" as ") {
            Some((column, alias)) => (column.trim().to_owned(), Some(alias.trim().to_owned())),
            None => (text, None),
        };
        Self {
            kind: Kind::Column(column),
            alias,
        }
    }
}

impl From<&str> for Field {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&&str> for Field {
    fn from(text: &&str) -> Self {
        (*text).into()
    }
}

impl From<&String> for Field {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

//! What a list asks for.

mod field;
mod names;
mod render;
mod rendered;

pub use field::Field;
#[cfg(feature = "client")]
pub(crate) use field::Kind;
#[cfg(feature = "client")]
pub(crate) use names::is_field;
pub use rendered::{Api, Rendered};

use crate::Filter;

/// Which way a list is sorted.
///
/// # Examples
/// ```
/// use erpnext_client::{Order, Query};
///
/// let newest = Query::new().order_by("creation", Order::Desc).order_by("name", Order::Asc);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Order {
    /// Least first.
    Asc,
    /// Greatest first.
    Desc,
}

impl Order {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

/// A list to ask for: fields, conditions, order, part.
///
/// Setters never fail; [`render`](Self::render) writes the query in a dialect of Frappe's, or says
/// why that dialect cannot say it.
///
/// # Examples
/// ```
/// use erpnext_client::{Dialect, Filter, Order, Query};
///
/// let query = Query::new()
///     .fields(["name", "customer", "customer.territory as territory"])
///     .filter(Filter::eq("docstatus", 1))
///     .or_filter(Filter::gt("outstanding_amount", 0))
///     .or_filter(Filter::eq("is_return", true))
///     .order_by("posting_date", Order::Desc)
///     .limit(50);
/// let rendered = query.render("Sales Invoice", Dialect::V15)?;
/// assert_eq!(rendered.filters().to_string(), r#"[["docstatus","=",1]]"#);
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Query {
    pub(crate) fields: Vec<Field>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) or_filters: Vec<Filter>,
    pub(crate) order: Vec<(String, Order)>,
    pub(crate) group_by: Vec<String>,
    pub(crate) limit: Option<Limit>,
    pub(crate) start: u64,
    pub(crate) parent: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    At(u32),
    None,
}

impl Query {
    /// Everything, by name.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field to give. Without any, the site gives `name` alone.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Field, Query};
    ///
    /// let query = Query::new().field("name").field(Field::count());
    /// ```
    pub fn field(mut self, field: impl Into<Field>) -> Self {
        self.fields.push(field.into());
        self
    }

    /// Adds fields to give.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Query;
    ///
    /// let query = Query::new().fields(["name", "customer.territory as territory"]);
    /// ```
    pub fn fields<F: Into<Field>>(mut self, fields: impl IntoIterator<Item = F>) -> Self {
        self.fields.extend(fields.into_iter().map(Into::into));
        self
    }

    /// Adds a condition; all of them must hold.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Filter, Query};
    ///
    /// let query = Query::new().filter(Filter::eq("status", "Open"));
    /// ```
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Adds conditions; all of them must hold.
    pub fn filters(mut self, filters: impl IntoIterator<Item = Filter>) -> Self {
        self.filters.extend(filters);
        self
    }

    /// Adds an alternative; besides the conditions that must all hold, one of the alternatives must.
    ///
    /// The same as one [`Filter::any`] of them.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Filter, Query};
    ///
    /// let query = Query::new().or_filter(Filter::eq("a", 1)).or_filter(Filter::eq("b", 1));
    /// ```
    pub fn or_filter(mut self, filter: Filter) -> Self {
        self.or_filters.push(filter);
        self
    }

    /// Sorts by a field, after those already given.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Order, Query};
    ///
    /// let query = Query::new().order_by("creation", Order::Desc).order_by("name", Order::Asc);
    /// ```
    pub fn order_by(mut self, field: impl Into<String>, order: Order) -> Self {
        self.order.push((field.into(), order));
        self
    }

    /// Gives one row for each value of a field (of all fields given so).
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Field, Query};
    ///
    /// let by_status = Query::new().fields(["status"]).field(Field::count()).group_by("status");
    /// ```
    pub fn group_by(mut self, field: impl Into<String>) -> Self {
        self.group_by.push(field.into());
        self
    }

    /// Gives so many rows at most, at least one. Unless set, the site gives 20.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Query;
    ///
    /// let query = Query::new().limit(50).start(100);
    /// ```
    pub fn limit(mut self, rows: u32) -> Self {
        self.limit = Some(Limit::At(rows));
        self
    }

    /// Gives all rows at once.
    pub fn unlimited(mut self) -> Self {
        self.limit = Some(Limit::None);
        self
    }

    /// Leaves out the first so many rows.
    pub fn start(mut self, rows: u64) -> Self {
        self.start = rows;
        self
    }

    /// Names the doctype whose child rows are listed; needed to list a child doctype.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Filter, Query};
    ///
    /// // Rows of `Sales Invoice Item`.
    /// let rows = Query::new().parent("Sales Invoice").filter(Filter::eq("parent", "ACC-SINV-1"));
    /// ```
    pub fn parent(mut self, doctype: impl Into<String>) -> Self {
        self.parent = Some(doctype.into());
        self
    }
}

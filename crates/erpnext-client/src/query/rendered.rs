//! A query in the words of a dialect.

use serde_json::{Map, Value};

use crate::Error;

/// Which list of the REST API takes a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// `GET /api/resource/{doctype}`, or `POST /api/method/frappe.client.get_list`.
    V1,
    /// `GET /api/v2/document/{doctype}`: the one that knows groups within groups.
    V2,
}

/// A query in the words of a dialect: which call, with which parameters.
///
/// # Examples
/// ```
/// use erpnext_client::{Api, Dialect, Filter, Query};
///
/// let names: Vec<String> = (0..600).map(|n| format!("CUST-{n:05}")).collect();
/// let query = Query::new().filter(Filter::is_in("name", names)).limit(600);
/// let rendered = query.render("Customer", Dialect::V15)?;
/// assert_eq!(rendered.api(), Api::V1);
/// assert!(rendered.needs_post("https://erp.example.ca/api/resource/Customer".len()));
/// assert_eq!(rendered.post_body()?["limit_page_length"], 600);
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    pub(crate) api: Api,
    pub(crate) doctype: String,
    pub(crate) fields: Value,
    pub(crate) filters: Value,
    pub(crate) or_filters: Value,
    pub(crate) order_by: String,
    pub(crate) group_by: String,
    /// 0 only on version 1, where it means all.
    pub(crate) limit: Option<u32>,
    pub(crate) start: u64,
    pub(crate) parent: Option<String>,
    pub(crate) empty: bool,
    pub(crate) aggregates: bool,
    pub(crate) joins: bool,
}

/// Longest URL that is sent, in bytes: servers in front of Frappe refuse a little over 4,000.
const LONGEST_URL: usize = 3500;

impl Rendered {
    /// Which list takes the query.
    #[must_use]
    pub fn api(&self) -> Api {
        self.api
    }

    /// The doctype listed.
    #[must_use]
    pub fn doctype(&self) -> &str {
        &self.doctype
    }

    /// The fields to give: a JSON array, empty when none were named.
    #[must_use]
    pub fn fields(&self) -> &Value {
        &self.fields
    }

    /// The conditions that must all hold: a JSON array.
    #[must_use]
    pub fn filters(&self) -> &Value {
        &self.filters
    }

    /// The alternatives of which one must hold: a JSON array, empty where there are none.
    #[must_use]
    pub fn or_filters(&self) -> &Value {
        &self.or_filters
    }

    /// The parameters of the GET request, JSON as text, not percent-encoded.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Order, Query};
    ///
    /// let query = Query::new().order_by("name", Order::Asc).limit(5).start(10);
    /// let pairs = query.render("Lead", Dialect::V15)?.query_pairs();
    /// let text: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    /// assert_eq!(text, ["order_by=name asc", "limit_page_length=5", "limit_start=10"]);
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    #[must_use]
    pub fn query_pairs(&self) -> Vec<(&'static str, String)> {
        let (limit, start) = match self.api {
            Api::V1 => ("limit_page_length", "limit_start"),
            Api::V2 => ("limit", "start"),
        };
        self.parameters(limit, start)
            .into_iter()
            .map(|(name, value)| {
                let text = match value {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (name, text)
            })
            .collect()
    }

    /// The body of `POST /api/method/frappe.client.get_list`, which takes a query of any length.
    ///
    /// # Errors
    /// [`Error::Invalid`] for groups within groups: only the GET request of version 2 takes these.
    pub fn post_body(&self) -> Result<Value, Error> {
        if self.api == Api::V2 {
            return Err(Error::invalid(
                "query",
                "holds groups within groups and is too long for a URL: ask in several calls",
            ));
        }
        // The alias `limit` would be dropped here without a word.
        let mut body: Map<String, Value> = self
            .parameters("limit_page_length", "limit_start")
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        body.insert("doctype".to_owned(), self.doctype.as_str().into());
        Ok(Value::Object(body))
    }

    fn parameters(&self, limit: &'static str, start: &'static str) -> Vec<(&'static str, Value)> {
        let mut parameters = Vec::new();
        let lists = [
            ("fields", &self.fields),
            ("filters", &self.filters),
            ("or_filters", &self.or_filters),
        ];
        for (name, list) in lists {
            if list.as_array().is_some_and(|list| !list.is_empty()) {
                parameters.push((name, list.clone()));
            }
        }
        let texts = [("group_by", &self.group_by), ("order_by", &self.order_by)];
        for (name, text) in texts {
            if !text.is_empty() {
                parameters.push((name, text.as_str().into()));
            }
        }
        if let Some(rows) = self.limit {
            parameters.push((limit, rows.into()));
        }
        if self.start > 0 {
            parameters.push((start, self.start.into()));
        }
        if let Some(parent) = &self.parent {
            parameters.push(("parent", parent.as_str().into()));
        }
        parameters
    }

    /// Length of the query of the GET request in bytes, percent-encoded.
    #[must_use]
    pub fn query_len(&self) -> usize {
        let encoded = |text: &str| -> usize {
            text.bytes()
                .map(|byte| match byte {
                    b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' | b' ' => 1,
                    _ => 3,
                })
                .sum()
        };
        // `=` and `&`, or `?` for the first.
        let pair = |(name, value): (&str, String)| name.len() + encoded(&value) + 2;
        self.query_pairs().into_iter().map(pair).sum()
    }

    /// Whether the URL would be too long, for a URL of `base_len` bytes without the query.
    #[must_use]
    pub fn needs_post(&self, base_len: usize) -> bool {
        base_len.saturating_add(self.query_len()) > LONGEST_URL
    }

    /// Whether no document can meet the conditions, so that no call is needed: one of them asks
    /// for one of no values.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Filter, Query};
    ///
    /// let none = Query::new().filter(Filter::is_in("name", Vec::<String>::new()));
    /// assert!(none.render("Lead", Dialect::V15)?.is_known_empty());
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    #[must_use]
    pub fn is_known_empty(&self) -> bool {
        // An aggregate without groups is one row even of nothing.
        self.empty && (!self.aggregates || !self.group_by.is_empty())
    }

    /// Whether conditions or fields reach into child tables.
    #[must_use]
    pub fn joins(&self) -> bool {
        self.joins
    }
}

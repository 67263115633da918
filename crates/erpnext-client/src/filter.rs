//! Conditions of a list.

pub(crate) mod logic;
mod operand;
mod timespan;

use serde_json::Value;

pub use operand::Operand;
pub use timespan::{Period, Timespan};

/// Which documents a list holds.
///
/// Made without knowing the site; [`Query::render`](crate::Query::render) writes it in the site's
/// dialect and refuses what that dialect cannot say. Whatever a value holds, it stays a value.
///
/// Text compares without regard to case and accents on most sites (the collation of the database).
///
/// # Examples
/// ```
/// use erpnext_client::{Dialect, Filter, Query};
///
/// let mine = Filter::all([
///     Filter::eq("customer", "Épicerie \"Chez Léo\""),
///     Filter::is_in("status", ["Open", "Replied"]),
///     Filter::is_not_set("resolution_date"),
/// ]);
/// let rendered = Query::new().filter(mine).render("Issue", Dialect::V15)?;
/// assert_eq!(
///     rendered.filters().to_string(),
///     r#"[["customer","=","Épicerie \"Chez Léo\""],["status","in",["Open","Replied"]],["resolution_date","is","not set"]]"#,
/// );
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Filter(pub(crate) Node);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Is(Condition),
    All(Vec<Filter>),
    Any(Vec<Filter>),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// The child doctype whose rows are looked at; the listed doctype's own fields otherwise.
    pub(crate) table: Option<String>,
    pub(crate) field: String,
    pub(crate) operator: Operator,
    pub(crate) value: Value,
}

/// What Frappe compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    /// The pattern is the caller's.
    Like,
    NotLike,
    /// The text is taken literally; `%` is added before, after or around it.
    Contains,
    StartsWith,
    EndsWith,
    In,
    NotIn,
    Is,
    Between,
    Timespan,
    Previous,
    Next,
    AncestorsOf,
    NotAncestorsOf,
    DescendantsOf,
    DescendantsOfInclusive,
    NotDescendantsOf,
}

impl Operator {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Lt => "<",
            Self::Ge => ">=",
            Self::Le => "<=",
            Self::Like | Self::Contains | Self::StartsWith | Self::EndsWith => "like",
            Self::NotLike => "not like",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::Between => "between",
            Self::Timespan => "timespan",
            Self::Previous => "previous",
            Self::Next => "next",
            Self::AncestorsOf => "ancestors of",
            Self::NotAncestorsOf => "not ancestors of",
            Self::DescendantsOf => "descendants of",
            Self::DescendantsOfInclusive => "descendants of (inclusive)",
            Self::NotDescendantsOf => "not descendants of",
        }
    }
}

impl Filter {
    fn is(field: impl Into<String>, operator: Operator, value: impl Into<Operand>) -> Self {
        Self(Node::Is(Condition {
            table: None,
            field: field.into(),
            operator,
            value: value.into().0,
        }))
    }

    /// The field equals the value. `None` asks for an unset field, as
    /// [`is_not_set`](Self::is_not_set) does.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// assert_eq!(Filter::eq("territory", None::<&str>), Filter::eq("territory", ()));
    /// ```
    pub fn eq(field: impl Into<String>, value: impl Into<Operand>) -> Self {
        Self::is(field, Operator::Eq, value)
    }

    /// The field differs from the value; an unset field does, too. `None` asks for a set field.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::ne("status", "Cancelled");
    /// ```
    pub fn ne(field: impl Into<String>, value: impl Into<Operand>) -> Self {
        Self::is(field, Operator::Ne, value)
    }

    /// The field is greater than the value.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::gt("outstanding_amount", 0);
    /// ```
    pub fn gt(field: impl Into<String>, value: impl Into<Operand>) -> Self {
        Self::is(field, Operator::Gt, value)
    }

    /// The field is less than the value.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::lt("idx", 10);
    /// ```
    pub fn lt(field: impl Into<String>, value: impl Into<Operand>) -> Self {
        Self::is(field, Operator::Lt, value)
    }

    /// The field is the value or greater.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    /// use jiff::civil::date;
    ///
    /// let filter = Filter::ge("posting_date", date(2026, 5, 1));
    /// ```
    pub fn ge(field: impl Into<String>, value: impl Into<Operand>) -> Self {
        Self::is(field, Operator::Ge, value)
    }

    /// The field is the value or less.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    /// use jiff::civil::date;
    ///
    /// let filter = Filter::le("posting_date", date(2026, 5, 31));
    /// ```
    pub fn le(field: impl Into<String>, value: impl Into<Operand>) -> Self {
        Self::is(field, Operator::Le, value)
    }

    /// The field matches a pattern in which `%` stands for any text and `_` for any character. On
    /// Frappe 15 a backslash is an ordinary character; on 16 it takes the meaning from the next.
    /// For text as it is, [`contains`](Self::contains).
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::like("serial_number", "4857%00_1");
    /// ```
    pub fn like(field: impl Into<String>, pattern: impl Into<String>) -> Self {
        Self::is(field, Operator::Like, pattern.into())
    }

    /// The field does not match a pattern; see [`like`](Self::like).
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::not_like("email_id", "%@example.ca");
    /// ```
    pub fn not_like(field: impl Into<String>, pattern: impl Into<String>) -> Self {
        Self::is(field, Operator::NotLike, pattern.into())
    }

    /// The field holds this text. On Frappe 15 a text with `%` or `_` is refused: that version
    /// offers no way to take these literally.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Filter, Query};
    ///
    /// let query = Query::new().filter(Filter::contains("notes", "50%"));
    /// let rendered = query.render("Lead", Dialect::V16)?;
    /// assert_eq!(rendered.filters().to_string(), r#"[["notes","like","%50\\%%"]]"#);
    /// assert!(query.render("Lead", Dialect::V15).is_err());
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn contains(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self::is(field, Operator::Contains, text.into())
    }

    /// The field begins with this text; as [`contains`](Self::contains) about `%` and `_`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::starts_with("serial_number", "48575443");
    /// ```
    pub fn starts_with(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self::is(field, Operator::StartsWith, text.into())
    }

    /// The field ends with this text; as [`contains`](Self::contains) about `%` and `_`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::ends_with("email_id", "@example.ca");
    /// ```
    pub fn ends_with(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self::is(field, Operator::EndsWith, text.into())
    }

    /// The field is one of the values. None of no values: then no call is needed to know the
    /// answer ([`Rendered::is_known_empty`](crate::Rendered::is_known_empty)).
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::is_in("status", ["Open", "Replied"]);
    /// ```
    pub fn is_in<V: Into<Operand>>(
        field: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::is(field, Operator::In, Operand::list(values))
    }

    /// The field is none of the values; an unset field is not, either.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::not_in("status", ["Closed", "Resolved"]);
    /// ```
    pub fn not_in<V: Into<Operand>>(
        field: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::is(field, Operator::NotIn, Operand::list(values))
    }

    /// The field lies between two values, both included. On a Datetime field the last day of two
    /// dates counts whole.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    /// use jiff::civil::date;
    ///
    /// let may = Filter::between("posting_date", date(2026, 5, 1), date(2026, 5, 31));
    /// ```
    pub fn between(
        field: impl Into<String>,
        from: impl Into<Operand>,
        to: impl Into<Operand>,
    ) -> Self {
        Self::is(
            field,
            Operator::Between,
            Operand::list([from.into(), to.into()]),
        )
    }

    /// The field lies in a span around the site's today.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Filter, Timespan};
    ///
    /// let filter = Filter::timespan("creation", Timespan::ThisMonth);
    /// ```
    pub fn timespan(field: impl Into<String>, span: Timespan) -> Self {
        Self::is(field, Operator::Timespan, span.as_str())
    }

    /// The field lies in the calendar period before the present one.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Filter, Period};
    ///
    /// let filter = Filter::previous("posting_date", Period::Month);
    /// ```
    pub fn previous(field: impl Into<String>, period: Period) -> Self {
        Self::is(field, Operator::Previous, period.as_str())
    }

    /// The field lies in the calendar period after the present one.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Filter, Period};
    ///
    /// let filter = Filter::next("due_date", Period::Week);
    /// ```
    pub fn next(field: impl Into<String>, period: Period) -> Self {
        Self::is(field, Operator::Next, period.as_str())
    }

    /// The field has a value; an empty text is none.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::is_set("technician");
    /// ```
    pub fn is_set(field: impl Into<String>) -> Self {
        Self::is(field, Operator::Is, "set")
    }

    /// The field has no value, or an empty text.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::is_not_set("technician");
    /// ```
    pub fn is_not_set(field: impl Into<String>) -> Self {
        Self::is(field, Operator::Is, "not set")
    }

    /// The field names a node of a tree (Territory, Item Group, Account…) above this one.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::ancestors_of("territory", "Québec");
    /// ```
    pub fn ancestors_of(field: impl Into<String>, node: impl Into<Operand>) -> Self {
        Self::is(field, Operator::AncestorsOf, node)
    }

    /// The field names a node of a tree that is not above this one.
    pub fn not_ancestors_of(field: impl Into<String>, node: impl Into<Operand>) -> Self {
        Self::is(field, Operator::NotAncestorsOf, node)
    }

    /// The field names a node of a tree below this one.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::descendants_of("territory", "Canada");
    /// ```
    pub fn descendants_of(field: impl Into<String>, node: impl Into<Operand>) -> Self {
        Self::is(field, Operator::DescendantsOf, node)
    }

    /// The field names this node of a tree, or one below.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::descendants_of_inclusive("item_group", "Modems");
    /// ```
    pub fn descendants_of_inclusive(field: impl Into<String>, node: impl Into<Operand>) -> Self {
        Self::is(field, Operator::DescendantsOfInclusive, node)
    }

    /// The field names a node of a tree that is not below this one.
    pub fn not_descendants_of(field: impl Into<String>, node: impl Into<Operand>) -> Self {
        Self::is(field, Operator::NotDescendantsOf, node)
    }

    /// All of these hold; nothing to hold is true.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::Filter;
    ///
    /// let filter = Filter::all([Filter::eq("docstatus", 1), Filter::gt("outstanding_amount", 0)]);
    /// ```
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::All(filters.into_iter().collect()))
    }

    /// One of these holds; nothing to hold is false.
    ///
    /// Every dialect can say one such group of plain conditions beside others that must all hold.
    /// Several groups, or groups within groups, need Frappe 16; a group of equalities on one field
    /// is the same as [`is_in`](Self::is_in) and can be said anywhere.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Filter, Query};
    ///
    /// let late = Filter::any([
    ///     Filter::all([Filter::eq("status", "Overdue"), Filter::gt("outstanding_amount", 0)]),
    ///     Filter::eq("is_frozen", true),
    /// ]);
    /// let query = Query::new().filter(late);
    /// let rendered = query.render("Sales Invoice", Dialect::V16)?;
    /// assert_eq!(
    ///     rendered.filters().to_string(),
    ///     r#"[[["status","=","Overdue"],"and",["outstanding_amount",">",0]],"or",["is_frozen","=",1]]"#,
    /// );
    /// assert!(query.render("Sales Invoice", Dialect::V15).is_err());
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::Any(filters.into_iter().collect()))
    }

    /// Looks at the rows of a child table instead of the document: one of them must meet the
    /// condition. Several conditions on the same child doctype must be met by the same row.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Dialect, Filter, Query};
    ///
    /// let query = Query::new().filter(Filter::eq("item_code", "FTTH-1G").on("Sales Invoice Item"));
    /// let rendered = query.render("Sales Invoice", Dialect::V15)?;
    /// assert_eq!(
    ///     rendered.filters().to_string(),
    ///     r#"[["Sales Invoice Item","item_code","=","FTTH-1G"]]"#,
    /// );
    /// # Ok::<(), erpnext_client::Error>(())
    /// ```
    pub fn on(self, child_doctype: impl Into<String>) -> Self {
        let doctype = child_doctype.into();
        let each = |filters: Vec<Self>| {
            filters
                .into_iter()
                .map(|f| f.on(doctype.as_str()))
                .collect()
        };
        Self(match self.0 {
            Node::Is(condition) => Node::Is(Condition {
                table: Some(doctype),
                ..condition
            }),
            Node::All(filters) => Node::All(each(filters)),
            Node::Any(filters) => Node::Any(each(filters)),
        })
    }
}

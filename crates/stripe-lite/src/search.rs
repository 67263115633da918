use std::fmt::Write as _;

use crate::form::{Form, form};

form! {
    /// A search among customers or payments. What was written in the last minute may be missing:
    /// never decide by it whether something has been paid.
    ///
    /// <https://docs.stripe.com/search>
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::Search;
    ///
    /// let search = Search::metadata("invoice", "SINV-0042").and("status", "succeeded");
    /// assert_eq!(search.query(), r#"metadata["invoice"]:"SINV-0042" AND status:"succeeded""#);
    /// // Quotes inside are escaped.
    /// assert_eq!(Search::field("name", r#"a"b"#).query(), r#"name:"a\"b""#);
    /// ```
    Search
}

impl Search {
    /// A query in Stripe's search language, as it is.
    pub fn raw(query: impl Into<String>) -> Self {
        let mut form = Form::default();
        form.set("query", query.into());
        Self { form }
    }

    /// What has this note.
    pub fn metadata(key: &str, value: &str) -> Self {
        Self::raw(format!("metadata[{}]:{}", quoted(key), quoted(value)))
    }

    /// What has this value in a field: `email`, `name`, `status`, `customer`, …
    pub fn field(name: &str, value: &str) -> Self {
        Self::raw(format!("{name}:{}", quoted(value)))
    }

    /// And this value in that field.
    pub fn and(self, name: &str, value: &str) -> Self {
        let mut query = self.query();
        write!(query, " AND {name}:{}", quoted(value)).expect("writing to a String");
        self.set("query", query)
    }

    /// Sets how many a page holds: 1 to 100, 10 unless set.
    pub fn limit(mut self, limit: u32) -> Self {
        if !(1..=100).contains(&limit) {
            self.form.refuse("limit", "is not between 1 and 100");
        }
        self.form.set("limit", limit);
        self
    }

    /// The query as it will be sent.
    #[must_use]
    pub fn query(&self) -> String {
        match self.form.peek().get("query") {
            Some(crate::Param::Text(query)) => query.clone(),
            _ => String::new(),
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', r#"\""#))
}

//! One call of a list.

use std::ops::Range;

use http::Method;
use integration_core::{ApiPath, Response};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::at_once::{AtOnce, at_once};
use super::given::Texts;
use super::outline::{Outline, outline};
use crate::client::Client;
use crate::client::send::{Call, Envelope, Repeat};
use crate::query::Limit;
use crate::{Api, Error, Query};

/// What a call of a list answered.
#[derive(Debug)]
pub(super) struct Listed {
    /// None: known to have no rows, so nobody was asked.
    answer: Option<(Response, Envelope)>,
    /// Rows asked for, at most.
    rows: u32,
}

const WHAT: &str = "a list";

impl Listed {
    /// The rows, each as it came.
    pub(super) fn rows(&self) -> Result<Vec<Box<RawValue>>, Error> {
        let Some((response, envelope)) = &self.answer else {
            return Ok(Vec::new());
        };
        // A list of nothing may be left out.
        let rows = Client::open::<Option<_>>(WHAT, Repeat::Safe, *envelope, response)?;
        Ok(rows.unwrap_or_default())
    }

    /// The rows and their texts, where each of them can be read and nothing is unusual.
    pub(super) fn at_once<'a, T: Deserialize<'a>>(&'a self) -> Option<AtOnce<'a, T>> {
        let (response, envelope) = self.answer.as_ref()?;
        let rows = usize::try_from(self.rows).unwrap_or(usize::MAX);
        at_once(response.body(), envelope.field(), rows)
    }

    /// The places of the rows and the name of the last, where they can be told without reading
    /// them all.
    pub(super) fn outline(&self) -> Option<Outline> {
        let (response, envelope) = self.answer.as_ref()?;
        let rows = usize::try_from(self.rows).unwrap_or(usize::MAX);
        outline(response.body(), envelope.field(), rows)
    }

    /// The rows at these places.
    pub(super) fn texts<T>(self, rows: Vec<Range<usize>>) -> Texts<T> {
        let body = self.answer.map(|(response, _)| response.into_body());
        Texts::new(body.unwrap_or_default(), rows)
    }
}

impl Client {
    /// The rows of a query, each as it came.
    pub(super) async fn rows(
        &self,
        doctype: &str,
        query: &Query,
    ) -> Result<Vec<Box<RawValue>>, Error> {
        self.listed(doctype, query).await?.rows()
    }

    /// The answer to a query. By GET, or by POST where the address would be too long; both only
    /// read.
    pub(super) async fn listed(&self, doctype: &str, query: &Query) -> Result<Listed, Error> {
        let rows = match query.limit {
            Some(Limit::At(rows)) => rows,
            Some(Limit::None) | None => u32::MAX,
        };
        let rendered = query.render(doctype, self.dialect().await?)?;
        if rendered.is_known_empty() {
            return Ok(Listed { answer: None, rows });
        }
        let path = match rendered.api() {
            Api::V1 => ApiPath::new("api/resource"),
            Api::V2 => ApiPath::new("api/v2/document"),
        };
        let path = path.segment(doctype)?;
        let base = self.url().len().saturating_add(path.as_str().len());
        let call = Call {
            what: WHAT,
            method: Method::GET,
            path,
            query: Vec::new(),
            body: None,
            repeat: Repeat::Safe,
            envelope: Envelope::Data,
        };
        let call = if rendered.needs_post(base) {
            Call {
                method: Method::POST,
                path: ApiPath::new("api/method/frappe.client.get_list"),
                body: Some(rendered.post_body()?),
                envelope: Envelope::Message,
                ..call
            }
        } else {
            let pairs = rendered.query_pairs().into_iter();
            Call {
                query: pairs
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
                ..call
            }
        };
        let answer = Some((self.reply(&call).await?, call.envelope));
        Ok(Listed { answer, rows })
    }
}

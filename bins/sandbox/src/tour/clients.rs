//! The client's page: found by what stands at the client's home, true to the ERP.

use anyhow::{Context as _, ensure};
use erpnext_client::bootstrap::Schema;
use erpnext_client::doctypes::Customer;
use erpnext_client::{Client, DocName};
use http::header::ACCEPT;
use http::{Method, StatusCode};
use integration_core::{ApiPath, Response};
use ui_kit::{Lang, format};

use super::{Caller, Seen, between, strip};
use crate::fake_erp;

/// What the steps about clients ask, and whom.
pub(super) struct Clients<'a> {
    pub(super) hub: &'a Caller,
    /// The ERP itself, to compare with.
    pub(super) erp: Client,
}

impl Clients<'_> {
    async fn html(&self, path: ApiPath, query: Option<&str>) -> anyhow::Result<Response> {
        let request = self
            .hub
            .hub
            .request(Method::GET, path)
            .header(ACCEPT, "text/html");
        let request = match query {
            Some(q) => request.query("q", q),
            None => request,
        };
        Ok(request.send().await?)
    }

    async fn page(&self, customer: &DocName, part: Option<&'static str>) -> anyhow::Result<String> {
        let path = ApiPath::new("ops/clients").segment(customer.as_str())?;
        let path = match part {
            Some(part) => path.literal(part),
            None => path,
        };
        let answer = self.html(path, None).await?.error_for_status()?;
        Ok(String::from_utf8_lossy(answer.body()).into_owned())
    }

    /// What `fsm erp bootstrap --dry-run` looks at.
    pub(super) async fn ready(&self) -> Seen {
        let site = self.erp.site().await?;
        let schema = Schema::field_service();
        let plan = schema.plan(&self.erp).await?;
        ensure!(
            plan.is_fulfilled(),
            "{:?} {:?}",
            plan.steps(),
            plan.obstacles()
        );
        Ok(vec![
            format!("as {}, Frappe {}", self.erp.user().await?, site.frappe()),
            format!(
                "{} doctypes and {} fields of the field service are there",
                schema.doctypes.len(),
                schema.custom_fields.len()
            ),
        ])
    }

    pub(super) async fn find(&self, serial: &str, customer: &DocName) -> Seen {
        let answer = self.html(ApiPath::new("ops/clients"), Some(serial)).await?;
        let expected = format!("/ops/clients/{}", ui_kit::query_value(customer.as_str()));
        ensure!(
            answer.status() == StatusCode::SEE_OTHER,
            "answered {} instead of leading to the client",
            answer.status()
        );
        let location = answer.header("location").unwrap_or_default();
        ensure!(
            location == expected,
            "leads to {location}, not to {expected}"
        );
        Ok(vec![format!("{serial}: 303 to {location}")])
    }

    pub(super) async fn client(&self, customer: &DocName, serial: &str) -> Seen {
        let stored = self.erp.docs::<Customer>().get(customer).await?;
        let html = self.page(customer, None).await?;
        let heading = strip(between(&html, "<h1", "</h1>").context("no heading")?);
        let name = stored.customer_name;
        ensure!(heading.contains(&name), "headed “{heading}”, not “{name}”");
        ensure!(
            html.contains(serial),
            "the modem {serial} is not on the page"
        );
        let live = strip(&self.page(customer, Some("equipment")).await?);
        ensure!(live.contains("dBm"), "the modem's light is not on its page");
        Ok(vec![
            format!("{} bytes, headed “{heading}”", html.len()),
            format!("the modem {serial} answers: {}", reading(&live)),
        ])
    }

    pub(super) async fn balance(&self, customer: &DocName) -> Seen {
        let cents = fake_erp::balance_cents(&self.erp, customer).await?;
        ensure!(cents > 0, "{customer} owes nothing");
        let due = format::money(Lang::Fr, cents);
        let page = strip(&self.page(customer, None).await?);
        ensure!(page.contains(&due), "the page does not say {due}");
        Ok(vec![format!("{customer} owes {due} on both sides")])
    }
}

/// The number before the first unit of light.
fn reading(text: &str) -> String {
    let until = text.find("dBm").unwrap_or(0);
    let before = text.get(..until).unwrap_or_default().trim_end();
    let is_figure = |c: char| c.is_ascii_digit() || ",.−".contains(c);
    let number = before.rsplit(|c| !is_figure(c)).next().unwrap_or_default();
    format!("{number} dBm")
}

#[cfg(test)]
mod tests {
    use super::reading;

    #[test]
    fn the_light_is_read_off_the_page() {
        assert_eq!(reading("En ligne−18,4\u{a0}dBm bon"), "−18,4 dBm");
        assert_eq!(reading("rien"), " dBm");
    }
}

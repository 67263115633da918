//! Reading a client from ERPNext: all parts at once, each of which fails alone.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use erpnext_client::value::Decimal;
use erpnext_client::{Client as Erp, DocName, Doctype, Error, Filter, Order, Record as _};
use futures_util::FutureExt as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::time::{Instant, timeout_at};

use super::cursor::{Cursor, Way};
use super::view::{
    Appointment, Balance, Client, Equipment, Event, History, Identity, Invoices, Part, Plan, Source,
};
use super::{assemble, rows};
use crate::platform::error::{HubError, HubResult};
use crate::platform::home;

/// How long a page waits for ERPNext.
const DEADLINE: Duration = Duration::from_secs(8);
/// Invoices on the page of a client.
const LATEST: usize = 10;
/// Invoices on a page of them.
const PAGE: usize = 50;
/// Most open invoices that are added up.
const OPEN: u32 = 500;
/// Most documents of a kind that are looked at.
const SOME: u32 = 20;

/// ERPNext, for as long as one page waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) erp: &'a Erp,
    deadline: Instant,
}

/// An answer that came in time.
type Timely<T> = Result<T, HubError>;

impl<'a> Reader<'a> {
    pub(super) fn new(erp: &'a Erp) -> Self {
        let deadline = Instant::now() + DEADLINE;
        Self { erp, deadline }
    }

    /// What comes before the deadline.
    pub(super) async fn in_time<T>(
        &self,
        read: impl Future<Output = Result<T, Error>>,
    ) -> Timely<T> {
        match timeout_at(self.deadline, read).await {
            Ok(answer) => answer.map_err(|error| failed(&error)),
            Err(_) => Err(HubError::upstream_timeout().because("the deadline of the page")),
        }
    }

    /// A part of a page: why it could not be read goes to the log, under the id of the request.
    pub(super) async fn part<T>(
        &self,
        what: &'static str,
        read: impl Future<Output = Result<T, Error>>,
    ) -> Part<T> {
        match self.in_time(read).await {
            Ok(read) => Part::Read(read),
            Err(error) => {
                complain(what, &error);
                Part::Unavailable
            }
        }
    }

    /// Where the site's clocks are.
    pub(super) async fn zone(&self) -> TimeZone {
        match self.in_time(self.erp.site()).await {
            Ok(site) => site.zone().clone(),
            Err(error) => {
                complain("zone", &error);
                home::zone()
            }
        }
    }

    /// Who a client is; `None` where there is none of this name.
    pub(super) async fn who(&self, id: &DocName) -> HubResult<Option<Identity>> {
        let customers = self.erp.docs::<rows::Customer>();
        let (customer, locations) = tokio::join!(
            self.in_time(customers.find(id)),
            self.part("locations", self.locations(std::slice::from_ref(id))),
        );
        let Some(customer) = customer? else {
            return Ok(None);
        };
        let mut who = assemble::identity(&customer, &locations);
        let nowhere = who.address.is_none() && locations.read().is_some();
        let (contacts, addresses) = tokio::join!(
            maybe(
                who.phone.is_none() || who.email.is_none(),
                self.contacts(id)
            ),
            maybe(nowhere, self.addresses(id)),
        );
        if let Some(contacts) = contacts {
            let (phone, email) = assemble::reach(&contacts);
            who.phone = who.phone.or(phone);
            who.email = who.email.or(email);
        }
        if let Some(addresses) = addresses {
            who.address = addresses.iter().find_map(assemble::postal_address);
        }
        Ok(Some(who))
    }

    /// The people of a client; none where they cannot be read: the record does without.
    async fn contacts(&self, id: &DocName) -> Option<Vec<rows::Contact>> {
        let list = self.erp.docs::<rows::Contact>().list();
        let list = list
            .filters(linked("Dynamic Link", id))
            .with_children("phone_nos", "Contact Phone", rows::PHONE)
            .limit(SOME);
        let read = self.part("contacts", list.page()).await;
        read.read().map(|page| page.items.clone())
    }

    /// The addresses of a client; none where they cannot be read.
    async fn addresses(&self, id: &DocName) -> Option<Vec<rows::Address>> {
        let list = self.erp.docs::<rows::Address>().list();
        let list = list
            .filters(linked("Dynamic Link", id))
            .order_by("is_primary_address", Order::Desc)
            .limit(SOME);
        let read = self.part("addresses", list.page()).await;
        read.read().map(|page| page.items.clone())
    }

    /// The locations of these clients.
    pub(super) async fn locations(&self, ids: &[DocName]) -> Result<Vec<rows::Location>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let list = self.erp.docs::<rows::Location>().list();
        let page = list.filter(Filter::is_in("customer", ids)).limit(500);
        Ok(page.page().await?.items)
    }

    /// Everything on the page of a client.
    pub(super) async fn client(
        &self,
        id: &DocName,
        today: Date,
        has_device_server: bool,
    ) -> HubResult<Option<Client>> {
        let newest = Cursor::default();
        let latest = self.part("invoices", self.invoices(id, &newest, SOME));
        let (who, open, plan, appointment, latest, count, equipment, paid, jobs, issues, messages) = tokio::join!(
            self.who(id).boxed(),
            self.part("balance", self.balance(id, today)).boxed(),
            self.part("plan", self.plan(id)).boxed(),
            self.part("appointment", self.appointment(id, today))
                .boxed(),
            latest.boxed(),
            self.part("count", self.count(id)).boxed(),
            self.part("equipment", self.equipment(id)).boxed(),
            self.part("payments", self.payments(id)).boxed(),
            self.part("jobs", self.jobs(id)).boxed(),
            self.part("issues", self.issues(id)).boxed(),
            self.part("messages", self.messages(id)).boxed(),
        );
        let Some(who) = who? else {
            return Ok(None);
        };
        let invoiced = latest.read().map(|(rows, _)| {
            rows.iter()
                .filter_map(assemble::invoiced)
                .collect::<Vec<_>>()
        });
        let history = history([
            (Source::Invoices, invoiced),
            (Source::Payments, paid.read().cloned()),
            (Source::Jobs, jobs.read().cloned()),
            (Source::Issues, issues.read().cloned()),
            (Source::Messages, messages.read().cloned()),
        ]);
        let invoices = match latest {
            Part::Unavailable => Part::Unavailable,
            Part::Read((rows, _)) => {
                let more = rows.len() > LATEST;
                let shown = rows.iter().take(LATEST);
                Part::Read(Invoices {
                    rows: shown.map(|row| assemble::invoice(row, today)).collect(),
                    all: count.read().copied(),
                    newer: None,
                    older: more.then(String::new),
                })
            }
        };
        Ok(Some(Client {
            who,
            balance: open,
            plan,
            appointment,
            invoices,
            equipment,
            history,
            has_device_server,
            till: None,
        }))
    }

    /// One page of a client's invoices.
    pub(super) async fn invoice_page(
        &self,
        id: &DocName,
        cursor: &Cursor,
        today: Date,
    ) -> Part<Invoices> {
        let limit = u32::try_from(PAGE).unwrap_or(u32::MAX);
        let (page, count) = tokio::join!(
            self.part("invoices", self.invoices(id, cursor, limit)),
            self.part("count", self.count(id)),
        );
        let Part::Read((rows, more)) = page else {
            return Part::Unavailable;
        };
        let (newer, older) = cursor.around(&rows, more);
        Part::Read(Invoices {
            rows: rows
                .iter()
                .map(|row| assemble::invoice(row, today))
                .collect(),
            all: count.read().copied(),
            newer,
            older,
        })
    }

    /// Invoices from a cursor on, newest first, and whether there are more that way.
    async fn invoices(
        &self,
        id: &DocName,
        cursor: &Cursor,
        limit: u32,
    ) -> Result<(Vec<rows::Invoice>, bool), Error> {
        let order = match cursor.way() {
            Way::Older => Order::Desc,
            Way::Newer => Order::Asc,
        };
        let list = self.erp.docs::<rows::Invoice>().list();
        let list = cursor.narrow(list.filters(submitted("customer", id)));
        let page = list
            .order_by("posting_date", order)
            .order_by("name", order)
            .limit(limit)
            .page()
            .await?;
        let more = page.next.is_some();
        let mut rows = page.items;
        if cursor.way() == Way::Newer {
            rows.reverse();
        }
        Ok((rows, more))
    }

    async fn count(&self, id: &DocName) -> Result<u64, Error> {
        let list = self.erp.docs::<rows::Invoice>().list();
        list.filters(submitted("customer", id)).count().await
    }

    async fn balance(&self, id: &DocName, today: Date) -> Result<Balance, Error> {
        let list = self.erp.docs::<rows::Invoice>().list();
        let page = list
            .filters(submitted("customer", id))
            .filter(Filter::ne("outstanding_amount", Decimal::ZERO))
            .order_by("due_date", Order::Asc)
            .limit(OPEN)
            .page()
            .await?;
        Ok(assemble::balance(&page.items, today, page.next.is_some()))
    }

    async fn plan(&self, id: &DocName) -> Result<Option<Plan>, Error> {
        let list = self.erp.docs::<rows::Subscription>().list();
        let subscriptions = list
            .filter(Filter::eq("party_type", "Customer"))
            .filter(Filter::eq("party", id))
            .with_children("plans", "Subscription Plan Detail", ["plan", "qty"])
            .limit(SOME)
            .page()
            .await?
            .items;
        let mut names: Vec<&DocName> = assemble::in_force(&subscriptions)
            .into_iter()
            .flat_map(|one| &one.plans)
            .filter_map(|row| row.plan.as_ref())
            .collect();
        names.sort_unstable();
        names.dedup();
        let plans = if names.is_empty() {
            Vec::new()
        } else {
            let list = self.erp.docs::<rows::PlanRow>().list();
            list.filter(Filter::is_in("name", names)).all().await?
        };
        Ok(assemble::plan(&subscriptions, &plans))
    }

    async fn appointment(&self, id: &DocName, today: Date) -> Result<Option<Appointment>, Error> {
        let list = self.erp.docs::<rows::Job>().list();
        let next = list
            .filter(Filter::eq("customer", id))
            .filter(Filter::ge("scheduled_date", today))
            .filter(Filter::not_in("status", ["Completed", "Cancelled"]))
            .order_by("scheduled_date", Order::Asc)
            .order_by("start_time", Order::Asc)
            .first()
            .await?;
        let Some(job) = next else {
            return Ok(None);
        };
        let name = match &job.technician {
            None => None,
            Some(name) => {
                let known = self.erp.docs::<rows::Technician>().find(name).await?;
                known
                    .and_then(|row| assemble::technician(&row))
                    .or_else(|| Some(name.to_string()))
            }
        };
        Ok(assemble::appointment(&job, name))
    }

    /// The newest documents of a client, by the time in a field.
    async fn newest<T: Doctype>(&self, id: &DocName, by: &str) -> Result<Vec<T>, Error> {
        let list = self.erp.docs::<T>().list();
        let page = list
            .filter(Filter::eq("customer", id))
            .order_by(by, Order::Desc)
            .limit(SOME)
            .page()
            .await?;
        Ok(page.items)
    }

    /// The devices at a client's.
    pub(super) async fn equipment(&self, id: &DocName) -> Result<Vec<Equipment>, Error> {
        let devices: Vec<rows::Device> = self.newest(id, "modified").await?;
        Ok(assemble::equipment(&devices))
    }

    async fn payments(&self, id: &DocName) -> Result<Vec<Event>, Error> {
        let list = self.erp.docs::<rows::Payment>().list();
        let page = list
            .filters(submitted("party", id))
            .filter(Filter::eq("party_type", "Customer"))
            .order_by("posting_date", Order::Desc)
            .order_by("name", Order::Desc)
            .limit(SOME)
            .page()
            .await?;
        Ok(page.items.iter().filter_map(assemble::paid).collect())
    }

    async fn jobs(&self, id: &DocName) -> Result<Vec<Event>, Error> {
        let jobs: Vec<rows::Job> = self.newest(id, "modified").await?;
        Ok(jobs.iter().filter_map(assemble::job).collect())
    }

    async fn issues(&self, id: &DocName) -> Result<Vec<Event>, Error> {
        let issues: Vec<rows::Issue> = self.newest(id, "creation").await?;
        Ok(issues.iter().filter_map(assemble::issue).collect())
    }

    /// Messages about the client itself, and those that the site hung on its timeline.
    async fn messages(&self, id: &DocName) -> Result<Vec<Event>, Error> {
        let list = || {
            let list = self.erp.docs::<rows::Message>().list();
            list.order_by("communication_date", Order::Desc).limit(SOME)
        };
        let about = list()
            .filter(Filter::eq("reference_doctype", "Customer"))
            .filter(Filter::eq("reference_name", id));
        let hung = list().filters(linked("Communication Link", id));
        let (about, hung) = tokio::try_join!(about.page(), hung.page())?;
        let mut found: Vec<rows::Message> = about.items;
        for message in hung.items {
            if !found.iter().any(|known| known.name() == message.name()) {
                found.push(message);
            }
        }
        // Of an e-mail the subject is enough, and its text may be long.
        let short: Vec<&DocName> = found
            .iter()
            .filter(|message| message.communication_medium.as_deref() != Some("Email"))
            .map(|message| message.name())
            .collect();
        let texts = if short.is_empty() {
            HashMap::new()
        } else {
            let list = self.erp.docs::<rows::MessageText>().list();
            let texts = list.filter(Filter::is_in("name", short)).all().await?;
            texts
                .into_iter()
                .filter_map(|text| Some((text.name, text.content?)))
                .collect()
        };
        Ok(assemble::messages(&found, &texts))
    }
}

/// A second look, where it is needed.
async fn maybe<T>(needed: bool, look: impl Future<Output = Option<T>>) -> Option<T> {
    if needed { look.await } else { None }
}

/// Documents of a client that count: neither drafts nor cancelled.
fn submitted(field: &str, id: &DocName) -> [Filter; 2] {
    [Filter::eq(field, id), Filter::eq("docstatus", 1)]
}

/// Documents whose child table of links names a client.
pub(super) fn linked(table: &str, id: &DocName) -> [Filter; 2] {
    [
        Filter::eq("link_doctype", "Customer").on(table),
        Filter::eq("link_name", id).on(table),
    ]
}

/// The latest of all sources, and which of them could not be read.
fn history(sources: [(Source, Option<Vec<Event>>); 5]) -> History {
    let mut events = Vec::new();
    let mut missing = Vec::new();
    for (source, read) in sources {
        match read {
            Some(read) => events.extend(read),
            None => missing.push(source),
        }
    }
    History {
        events: assemble::newest(events),
        missing,
    }
}

/// Tells the log why something could not be read.
pub(super) fn complain(what: &'static str, error: &HubError) {
    tracing::warn!(
        part = what,
        error = error.code(),
        cause = error.cause(),
        "ERPNext"
    );
}

/// ERPNext's failure as the hub's.
pub(super) fn failed(error: &Error) -> HubError {
    let answer = match error {
        Error::Invalid { .. } => HubError::invalid("id"),
        Error::Transport(cause) if cause.is_timeout() => HubError::upstream_timeout(),
        _ => HubError::upstream(),
    };
    answer.caused_by(error)
}

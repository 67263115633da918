//! An invoice that somebody is about to pay: read from ERPNext at that moment.

use erpnext_client::value::Decimal;
use erpnext_client::{Client as Erp, DocName, DocStatus, Error, Filter, Order};
use jiff::civil::Date;
use stripe_lite::{Amount, Currency};

use super::rows::{Bill, Booked};
use crate::Hub;
use crate::platform::error::{HubError, HubResult};
use crate::platform::home;

/// Most open invoices of one client that are looked at.
const OPEN: u32 = 500;

/// An invoice with something to pay.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Payable {
    pub(super) invoice: DocName,
    pub(super) customer: DocName,
    pub(super) outstanding: Amount,
}

/// The name of a document, as a caller writes it.
pub(super) fn named(text: &str, field: &'static str) -> HubResult<DocName> {
    DocName::new(text).map_err(|error| HubError::invalid(field).caused_by(&error))
}

/// ERPNext's failure as the hub's.
pub(super) fn failed(error: &Error) -> HubError {
    let answer = match error {
        Error::Transport(cause) if cause.is_timeout() => HubError::upstream_timeout(),
        error if error.is_not_found() => HubError::not_found(),
        error if error.may_have_been_carried_out() => HubError::outcome_unknown(),
        _ => HubError::upstream(),
    };
    answer.caused_by(error)
}

/// An amount as Stripe counts it; currencies have at most as many decimals as they have.
pub(super) fn in_minor(amount: Decimal, currency: Currency) -> HubResult<Amount> {
    let rounded = amount.round_dp(currency.decimals());
    // The site counts in binary fractions: what is left of those is no money.
    if (rounded - amount).abs() > Decimal::new(1, 6) {
        return Err(HubError::upstream().because("an amount with fractions of the smallest coin"));
    }
    Amount::from_decimal(&rounded.normalize().to_string(), currency)
        .map_err(|error| HubError::upstream().caused_by(&error))
}

/// The currency of an invoice.
pub(super) fn currency(bill: &Bill) -> HubResult<Currency> {
    let code = bill.currency.as_ref().map_or("CAD", DocName::as_str);
    code.parse()
        .map_err(|error: stripe_lite::Error| HubError::upstream().caused_by(&error))
}

/// Reads an invoice that is to be paid.
///
/// # Errors
///
/// 404 where there is none, 409 where it is paid or not to be paid at all.
pub(super) async fn payable(erp: &Erp, name: &DocName) -> HubResult<Payable> {
    let bill = erp.docs::<Bill>().find(name).await;
    let bill = bill
        .map_err(|error| failed(&error))?
        .ok_or_else(HubError::not_found)?;
    let of_a_credit = bill.is_return.unwrap_or_default();
    if bill.docstatus != DocStatus::Submitted || of_a_credit {
        return Err(HubError::state("not_payable"));
    }
    let outstanding = in_minor(
        bill.outstanding_amount.unwrap_or_default(),
        currency(&bill)?,
    )?;
    if outstanding.minor() <= 0 {
        return Err(HubError::state("already_paid"));
    }
    Ok(Payable {
        customer: bill
            .customer
            .ok_or_else(|| HubError::upstream().because("an invoice to nobody"))?,
        // Names ignore case and accents: the site's own spelling is the key of everything else.
        invoice: bill.name,
        outstanding,
    })
}

/// What a client has to pay, the oldest first; credits too.
pub(super) async fn open(erp: &Erp, customer: &DocName) -> HubResult<Vec<Bill>> {
    let page = erp
        .docs::<Bill>()
        .list()
        .filter(Filter::eq("customer", customer))
        .filter(Filter::eq("docstatus", 1))
        .filter(Filter::ne("outstanding_amount", Decimal::ZERO))
        .order_by("due_date", Order::Asc)
        .order_by("name", Order::Asc)
        .limit(OPEN)
        .page()
        .await;
    Ok(page.map_err(|error| failed(&error))?.items)
}

/// Which of these payments ERPNext knows, cancelled or not.
pub(super) async fn booked(erp: &Erp, references: &[&str]) -> HubResult<Vec<Booked>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let list = erp.docs::<Booked>().list();
    let list = list
        .filter(Filter::is_in("custom_psp_reference", references))
        .filter(Filter::is_in("docstatus", [1, 2]));
    list.all().await.map_err(|error| failed(&error))
}

/// The day on the calendar at home.
pub(super) fn today(hub: &Hub) -> Date {
    home::day(hub.now())
}

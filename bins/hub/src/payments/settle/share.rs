//! How much of a payment an invoice takes, and whether a person must look. No I/O.

use erpnext_client::{DocName, DocStatus, Doctype};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An invoice, as far as paying it goes.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Sales Invoice")]
pub(super) struct Bill {
    pub(super) name: DocName,
    pub(super) docstatus: DocStatus,
    pub(super) customer: DocName,
    pub(super) company: DocName,
    pub(super) currency: DocName,
    pub(super) is_return: Option<bool>,
    pub(super) outstanding_amount: Option<Decimal>,
}

impl Bill {
    /// What can still be paid of it, in whole cents.
    pub(super) fn due(&self) -> Decimal {
        let open = self.docstatus == DocStatus::Submitted && self.is_return != Some(true);
        let due = self.outstanding_amount.filter(|_| open).unwrap_or_default();
        due.round_dp(2).max(Decimal::ZERO)
    }

    pub(super) fn is_in(&self, currency: &str) -> bool {
        self.currency.as_str().eq_ignore_ascii_case(currency)
    }
}

/// Why a person must look at a payment that was booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Attention {
    /// There is no such invoice.
    NoInvoice,
    /// It has not been submitted.
    Draft,
    /// It was cancelled.
    Cancelled,
    /// It is a credit note.
    CreditNote,
    /// It was paid already.
    Paid,
    /// More was paid than it asks for.
    Over,
}

impl Attention {
    /// What to look at once so much of a payment for an invoice was allocated, and so much not.
    pub(super) fn of(bill: Option<&Bill>, allocated: Decimal, rest: Decimal) -> Option<Self> {
        if rest <= Decimal::ZERO {
            return None;
        }
        let Some(bill) = bill else {
            return Some(Self::NoInvoice);
        };
        Some(match bill.docstatus {
            _ if allocated > Decimal::ZERO => Self::Over,
            DocStatus::Draft => Self::Draft,
            DocStatus::Cancelled => Self::Cancelled,
            DocStatus::Submitted if bill.is_return == Some(true) => Self::CreditNote,
            DocStatus::Submitted => Self::Paid,
        })
    }
}

/// A payment, divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// What the invoice takes.
    pub(super) allocated: Decimal,
    /// What stays with the customer.
    pub(super) rest: Decimal,
    /// What is left to pay of the invoice.
    pub(super) left: Decimal,
}

impl Share {
    /// Divides an amount over an invoice as it is now.
    pub(super) fn of(amount: Decimal, bill: Option<&Bill>) -> Self {
        let due = bill.map(Bill::due).unwrap_or_default();
        let allocated = amount.min(due).max(Decimal::ZERO);
        Self {
            allocated,
            rest: amount - allocated,
            left: due - allocated,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bill(docstatus: DocStatus, due: i64) -> Bill {
        let name = |text: &str| DocName::new(text).unwrap();
        Bill {
            name: name("SINV-1"),
            docstatus,
            customer: name("Zoé"),
            company: name("Fibre"),
            currency: name("CAD"),
            is_return: None,
            outstanding_amount: Some(Decimal::new(due, 2)),
        }
    }

    fn look(amount: i64, bill: Option<&Bill>) -> (i64, i64, i64, Option<Attention>) {
        let share = Share::of(Decimal::new(amount, 2), bill);
        let attention = Attention::of(bill, share.allocated, share.rest);
        let cents = |amount: Decimal| i64::try_from(amount * Decimal::from(100)).unwrap();
        let Share {
            allocated,
            rest,
            left,
        } = share;
        (cents(allocated), cents(rest), cents(left), attention)
    }

    #[test]
    fn every_state_of_an_invoice_has_its_answer() {
        let open = bill(DocStatus::Submitted, 8000);
        assert_eq!(look(8000, Some(&open)), (8000, 0, 0, None));
        assert_eq!(look(5000, Some(&open)), (5000, 0, 3000, None));
        assert_eq!(
            look(9000, Some(&open)),
            (8000, 1000, 0, Some(Attention::Over))
        );
        let paid = bill(DocStatus::Submitted, 0);
        assert_eq!(look(8000, Some(&paid)), (0, 8000, 0, Some(Attention::Paid)));
        let draft = bill(DocStatus::Draft, 8000);
        assert_eq!(
            look(8000, Some(&draft)),
            (0, 8000, 0, Some(Attention::Draft))
        );
        let gone = bill(DocStatus::Cancelled, 8000);
        assert_eq!(
            look(8000, Some(&gone)),
            (0, 8000, 0, Some(Attention::Cancelled))
        );
        let credit = Bill {
            is_return: Some(true),
            ..bill(DocStatus::Submitted, -8000)
        };
        assert_eq!(
            look(8000, Some(&credit)),
            (0, 8000, 0, Some(Attention::CreditNote))
        );
        assert_eq!(look(8000, None), (0, 8000, 0, Some(Attention::NoInvoice)));
        assert!(open.is_in("cad") && !open.is_in("usd"));
    }

    proptest! {
        #[test]
        fn no_cent_is_lost_and_no_invoice_overpaid(amount in 1..i64::from(i32::MAX), due in -1000..i64::from(i32::MAX)) {
            let open = bill(DocStatus::Submitted, due);
            let (allocated, rest, left, _) = look(amount, Some(&open));
            prop_assert_eq!(allocated + rest, amount);
            prop_assert!(allocated <= due.max(0) && allocated >= 0 && rest >= 0);
            prop_assert_eq!(left, due.max(0) - allocated);
        }
    }
}

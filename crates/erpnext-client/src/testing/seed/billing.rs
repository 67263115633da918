//! Invoices of every month, their payments, and the ledger of both.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::people::{EXTRAS, INSTALLATION, PLANS, Subscriber};
use super::rng::Rng;
use super::rows::{Rows, money};
use super::{Isp, shifted, stamp};
use crate::testing::cell::Cell;
use crate::testing::store::{Store, hash_name};

/// Rows of tables and of the ledger have random names; each kind has a range of its own.
const ITEM_NAMES: u64 = 2 << 40;
const TAX_NAMES: u64 = 3 << 40;
const REFERENCE_NAMES: u64 = 4 << 40;
const LEDGER_NAMES: u64 = 5 << 40;

/// What a line comes to, in cents: TPS of 5 % and TVQ of 9.975 %, each rounded to the cent.
fn taxes(net: i64) -> (i64, i64) {
    ((net * 5 + 50) / 100, (net * 9_975 + 50_000) / 100_000)
}

struct Books {
    invoices: Rows,
    items: Rows,
    taxes: Rows,
    payments: Rows,
    references: Rows,
    ledger: Rows,
    ledger_rows: u64,
    payment_series: Series,
    words: Words,
}

/// Numbers a year.
#[derive(Default)]
struct Series {
    years: std::collections::BTreeMap<i16, u64>,
}

impl Series {
    fn next(&mut self, prefix: &str, year: i16) -> (String, u64) {
        let number = self.years.entry(year).or_default();
        *number += 1;
        (format!("{prefix}-{year}-{number:05}"), *number)
    }

    fn keep(&self, store: &mut Store, prefix: &str) {
        for (year, last) in &self.years {
            store.set_series(&format!("{prefix}-{year}-"), *last);
        }
    }
}

/// Texts that are used over and over.
struct Words {
    debtors: Cell,
    service: Cell,
    gst: Cell,
    qst: Cell,
    bank: Cell,
    stripe: Cell,
    invoice: Cell,
    payment: Cell,
    customer: Cell,
    interac: Cell,
    automatic: Cell,
    paid: Cell,
    partly: Cell,
    unpaid: Cell,
    overdue: Cell,
}

impl Words {
    fn new(store: &mut Store, isp: &Isp) -> Self {
        let mut word = |text: &str| store.text(text);
        Self {
            debtors: word(&isp.of("Debtors")),
            service: word(&isp.of("Service")),
            gst: word(&isp.of("TPS 5%")),
            qst: word(&isp.of("TVQ 9.975%")),
            bank: word(&isp.of("Banque")),
            stripe: word(&isp.of("Stripe")),
            invoice: word("Sales Invoice"),
            payment: word("Payment Entry"),
            customer: word("Customer"),
            interac: word("Interac"),
            automatic: word("Stripe"),
            paid: word("Paid"),
            partly: word("Partly Paid"),
            unpaid: word("Unpaid"),
            overdue: word("Overdue"),
        }
    }
}

impl Books {
    fn new(store: &mut Store, isp: &Isp) -> Self {
        let with = |more: &[(&'static str, Value)]| {
            let mut all = vec![
                ("owner", json!("Administrator")),
                ("modified_by", json!("Administrator")),
                ("docstatus", json!(1)),
            ];
            all.extend_from_slice(more);
            all
        };
        let company = ("company", json!(isp.company));
        let center = ("cost_center", json!(isp.of("Main")));
        Self {
            invoices: Rows::new(
                store,
                "Sales Invoice",
                &with(&[
                    company.clone(),
                    center.clone(),
                    ("naming_series", json!("ACC-SINV-.YYYY.-")),
                    ("currency", json!("CAD")),
                    ("party_account_currency", json!("CAD")),
                    ("price_list_currency", json!("CAD")),
                    ("selling_price_list", json!("Standard Selling")),
                    ("conversion_rate", json!(1.0)),
                    ("plc_conversion_rate", json!(1.0)),
                    ("debit_to", json!(isp.of("Debtors"))),
                    ("is_opening", json!("No")),
                    ("language", json!("fr")),
                    ("apply_discount_on", json!("Grand Total")),
                    ("taxes_and_charges", json!(isp.of("TPS TVQ"))),
                    ("disable_rounded_total", json!(1)),
                    ("update_outstanding_for_self", json!(1)),
                ]),
                &[
                    "name",
                    "customer",
                    "customer_name",
                    "customer_group",
                    "territory",
                    "customer_address",
                    "contact_person",
                    "contact_email",
                    "posting_date",
                    "posting_time",
                    "due_date",
                    "from_date",
                    "to_date",
                    "subscription",
                    "total_qty",
                    "base_total",
                    "base_net_total",
                    "total",
                    "net_total",
                    "base_total_taxes_and_charges",
                    "total_taxes_and_charges",
                    "base_grand_total",
                    "grand_total",
                    "outstanding_amount",
                    "status",
                    "creation",
                    "modified",
                ],
            ),
            items: Rows::new(
                store,
                "Sales Invoice Item",
                &with(&[
                    center.clone(),
                    ("parenttype", json!("Sales Invoice")),
                    ("parentfield", json!("items")),
                    ("qty", json!(1.0)),
                    ("stock_uom", json!("Nos")),
                    ("uom", json!("Nos")),
                    ("conversion_factor", json!(1.0)),
                    ("income_account", json!(isp.of("Service"))),
                ]),
                &[
                    "name",
                    "parent",
                    "idx",
                    "item_code",
                    "item_name",
                    "description",
                    "item_group",
                    "price_list_rate",
                    "rate",
                    "amount",
                    "base_rate",
                    "base_amount",
                    "net_rate",
                    "net_amount",
                    "service_start_date",
                    "service_end_date",
                    "creation",
                    "modified",
                ],
            ),
            taxes: Rows::new(
                store,
                "Sales Taxes and Charges",
                &with(&[
                    center.clone(),
                    ("parenttype", json!("Sales Invoice")),
                    ("parentfield", json!("taxes")),
                    ("charge_type", json!("On Net Total")),
                    ("account_currency", json!("CAD")),
                ]),
                &[
                    "name",
                    "parent",
                    "idx",
                    "account_head",
                    "description",
                    "rate",
                    "tax_amount",
                    "total",
                    "tax_amount_after_discount_amount",
                    "base_tax_amount",
                    "base_total",
                    "base_tax_amount_after_discount_amount",
                    "creation",
                    "modified",
                ],
            ),
            payments: Rows::new(
                store,
                "Payment Entry",
                &with(&[
                    company.clone(),
                    center.clone(),
                    ("naming_series", json!("ACC-PAY-.YYYY.-")),
                    ("payment_type", json!("Receive")),
                    ("party_type", json!("Customer")),
                    ("paid_from", json!(isp.of("Debtors"))),
                    ("paid_from_account_currency", json!("CAD")),
                    ("paid_to_account_currency", json!("CAD")),
                    ("source_exchange_rate", json!(1.0)),
                    ("target_exchange_rate", json!(1.0)),
                    ("status", json!("Submitted")),
                ]),
                &[
                    "name",
                    "party",
                    "party_name",
                    "title",
                    "posting_date",
                    "mode_of_payment",
                    "paid_to",
                    "paid_amount",
                    "base_paid_amount",
                    "received_amount",
                    "base_received_amount",
                    "total_allocated_amount",
                    "base_total_allocated_amount",
                    "reference_no",
                    "reference_date",
                    "creation",
                    "modified",
                ],
            ),
            references: Rows::new(
                store,
                "Payment Entry Reference",
                &with(&[
                    ("parenttype", json!("Payment Entry")),
                    ("parentfield", json!("references")),
                    ("idx", json!(1)),
                    ("reference_doctype", json!("Sales Invoice")),
                    ("exchange_rate", json!(1.0)),
                    ("account", json!(isp.of("Debtors"))),
                ]),
                &[
                    "name",
                    "parent",
                    "reference_name",
                    "due_date",
                    "total_amount",
                    "outstanding_amount",
                    "allocated_amount",
                    "creation",
                    "modified",
                ],
            ),
            ledger: Rows::new(
                store,
                "GL Entry",
                &with(&[
                    company,
                    center,
                    ("account_currency", json!("CAD")),
                    ("is_opening", json!("No")),
                    ("is_advance", json!("No")),
                ]),
                &[
                    "name",
                    "posting_date",
                    "fiscal_year",
                    "account",
                    "party_type",
                    "party",
                    "debit",
                    "debit_in_account_currency",
                    "credit",
                    "credit_in_account_currency",
                    "against",
                    "against_voucher_type",
                    "against_voucher",
                    "voucher_type",
                    "voucher_no",
                    "due_date",
                    "creation",
                    "modified",
                ],
            ),
            ledger_rows: 0,
            payment_series: Series::default(),
            words: Words::new(store, isp),
        }
    }
}

/// An invoice on its way through the books.
struct Invoice {
    name: Cell,
    number: u64,
    posting: Date,
    posting_text: Cell,
    due: Date,
    due_text: Cell,
    year: Cell,
    created: Cell,
    net: i64,
    gst: i64,
    qst: i64,
}

impl Invoice {
    fn total(&self) -> i64 {
        self.net + self.gst + self.qst
    }
}

/// Every month of the last ones: an invoice for every customer of that time, and its payment.
pub(super) fn fill(store: &mut Store, isp: &Isp, subscribers: &mut [Subscriber], rng: &mut Rng) {
    let mut books = Books::new(store, isp);
    let mut series = Series::default();
    let mut counter = 0;
    for back in (0..isp.months).rev() {
        let first = isp
            .today
            .first_of_month()
            .checked_sub(jiff::Span::new().months(back))
            .unwrap_or(isp.today);
        let last = first.last_of_month();
        for (place, subscriber) in subscribers.iter().enumerate() {
            if subscriber.since > last || subscriber.since > isp.today {
                continue;
            }
            // The first invoice comes with the service, the others on the first of the month.
            let new = subscriber.since >= first;
            let posting = if new { subscriber.since } else { first };
            let (name, number) = series.next("ACC-SINV", posting.year());
            let due = shifted(posting, 20);
            let at = stamp(
                posting,
                7_200_000_000 + place as u64 * 150_001 % 20_000_000_000,
            );
            let invoice = Invoice {
                name: store.text(&name),
                number: counter,
                posting_text: store.text(&posting.to_string()),
                posting,
                due_text: store.text(&due.to_string()),
                due,
                year: store.text(&posting.year().to_string()),
                created: store.text(&at),
                net: 0,
                gst: 0,
                qst: 0,
            };
            let _ = number;
            counter += 1;
            books.invoice(store, isp, rng, subscriber, invoice, (back, new));
        }
    }
    series.keep(store, "ACC-SINV");
    books.payment_series.keep(store, "ACC-PAY");
}

impl Books {
    fn invoice(
        &mut self,
        store: &mut Store,
        isp: &Isp,
        rng: &mut Rng,
        subscriber: &Subscriber,
        mut invoice: Invoice,
        (back, new): (u8, bool),
    ) {
        let end = invoice.posting.last_of_month();
        let end_text = store.text(&end.to_string());
        let extra = subscriber.extra.and_then(|extra| EXTRAS.get(extra));
        let installation = new.then_some(&INSTALLATION);
        let plan = PLANS.get(subscriber.plan).into_iter();
        let mut quantity = 0.0;
        for (at, line) in plan.chain(extra).chain(installation).enumerate() {
            let (gst, qst) = taxes(line.cents);
            invoice.net += line.cents;
            invoice.gst += gst;
            invoice.qst += qst;
            quantity += 1.0;
            let row = store.text(&hash_name(ITEM_NAMES + invoice.number * 4 + at as u64));
            let code = store.text(line.code);
            let title = store.text(line.name);
            let group = store.text("Internet");
            let price = money(line.cents);
            let idx = Cell::Int(i64::try_from(at).unwrap_or_default() + 1);
            self.items.push(
                store,
                &[
                    row,
                    invoice.name,
                    idx,
                    code,
                    title,
                    title,
                    group,
                    price,
                    price,
                    price,
                    price,
                    price,
                    price,
                    price,
                    invoice.posting_text,
                    end_text,
                    invoice.created,
                    invoice.created,
                ],
            );
        }
        self.tax_rows(store, &invoice);
        let paid = self.payment(store, isp, rng, subscriber, &invoice, back);
        let total = invoice.total();
        let left = total - paid;
        let words = &self.words;
        let status = match left {
            0 => words.paid,
            _ if invoice.due < isp.today => words.overdue,
            _ if paid > 0 => words.partly,
            _ => words.unpaid,
        };
        let title = store.text(&subscriber.title);
        let group = store.text(if subscriber.business {
            "Commercial"
        } else {
            "Résidentiel"
        });
        let territory = store.text(subscriber.place().territory);
        let email = store.text(&subscriber.email);
        let (net, tax) = (money(invoice.net), money(invoice.gst + invoice.qst));
        self.invoices.push(
            store,
            &[
                invoice.name,
                Cell::Text(subscriber.name),
                title,
                group,
                territory,
                Cell::Text(subscriber.address),
                Cell::Text(subscriber.contact),
                email,
                invoice.posting_text,
                Cell::Int(7_200_000_000),
                invoice.due_text,
                invoice.posting_text,
                end_text,
                subscriber.subscription.map_or(Cell::Null, Cell::Text),
                Cell::Float(quantity),
                net,
                net,
                net,
                net,
                tax,
                tax,
                money(total),
                money(total),
                money(left),
                status,
                invoice.created,
                invoice.created,
            ],
        );
        let (debtors, service, gst, qst) = (words.debtors, words.service, words.gst, words.qst);
        let party = Cell::Text(subscriber.name);
        let voucher = (self.words.invoice, invoice.name);
        let day = (
            &invoice,
            invoice.posting_text,
            invoice.year,
            invoice.created,
        );
        let due = Some(voucher);
        self.book(
            store,
            day,
            voucher,
            (debtors, total),
            Some(party),
            (service, due),
        );
        self.book(
            store,
            day,
            voucher,
            (service, -invoice.net),
            None,
            (party, None),
        );
        self.book(
            store,
            day,
            voucher,
            (gst, -invoice.gst),
            None,
            (party, None),
        );
        self.book(
            store,
            day,
            voucher,
            (qst, -invoice.qst),
            None,
            (party, None),
        );
    }

    fn tax_rows(&mut self, store: &mut Store, invoice: &Invoice) {
        let mut total = invoice.net;
        let lines = [
            (self.words.gst, "TPS 5%", 5.0, invoice.gst),
            (self.words.qst, "TVQ 9.975%", 9.975, invoice.qst),
        ];
        for (at, (account, description, rate, amount)) in lines.into_iter().enumerate() {
            total += amount;
            let row = store.text(&hash_name(TAX_NAMES + invoice.number * 2 + at as u64));
            let description = store.text(description);
            let idx = Cell::Int(i64::try_from(at).unwrap_or_default() + 1);
            let (amount, total) = (money(amount), money(total));
            self.taxes.push(
                store,
                &[
                    row,
                    invoice.name,
                    idx,
                    account,
                    description,
                    Cell::Float(rate),
                    amount,
                    total,
                    amount,
                    amount,
                    total,
                    amount,
                    invoice.created,
                    invoice.created,
                ],
            );
        }
    }

    /// Pays an invoice as its customer would; the cents that were paid.
    fn payment(
        &mut self,
        store: &mut Store,
        isp: &Isp,
        rng: &mut Rng,
        subscriber: &Subscriber,
        invoice: &Invoice,
        back: u8,
    ) -> i64 {
        let delay = if subscriber.automatic {
            3
        } else {
            rng.between(2, 19)
        };
        let day = shifted(invoice.posting, delay);
        let total = invoice.total();
        let paid = match subscriber.behind {
            behind if behind > 0 && back < behind => {
                // The oldest of the unpaid ones may be paid in part.
                if back + 1 == behind && rng.percent(25) {
                    total / 2
                } else {
                    0
                }
            }
            _ => total,
        };
        if day > isp.today || paid == 0 {
            return 0;
        }
        let year = day.year();
        let (name, number) = self.payment_series.next("ACC-PAY", year);
        let name = store.text(&name);
        let day_text = store.text(&day.to_string());
        let year_text = store.text(&year.to_string());
        let created = store.text(&stamp(
            day,
            36_000_000_000 + number * 700_001 % 36_000_000_000,
        ));
        let (mode, account, reference) = if subscriber.automatic {
            let reference = format!("pi_{}", hash_name(REFERENCE_NAMES * 3 + invoice.number));
            (self.words.automatic, self.words.stripe, reference)
        } else {
            (
                self.words.interac,
                self.words.bank,
                format!("CA{:08}", invoice.number * 7_919 % 100_000_000),
            )
        };
        let reference = store.text(&reference);
        let title = store.text(&subscriber.title);
        let amount = money(paid);
        self.payments.push(
            store,
            &[
                name,
                Cell::Text(subscriber.name),
                title,
                title,
                day_text,
                mode,
                account,
                amount,
                amount,
                amount,
                amount,
                amount,
                amount,
                reference,
                day_text,
                created,
                created,
            ],
        );
        let row = store.text(&hash_name(REFERENCE_NAMES + invoice.number));
        self.references.push(
            store,
            &[
                row,
                name,
                invoice.name,
                invoice.due_text,
                money(total),
                money(total),
                amount,
                created,
                created,
            ],
        );
        let party = Cell::Text(subscriber.name);
        let voucher = (self.words.payment, name);
        let when = (invoice, day_text, year_text, created);
        let debtors = self.words.debtors;
        let against = Some((self.words.invoice, invoice.name));
        self.book(
            store,
            when,
            voucher,
            (debtors, -paid),
            Some(party),
            (account, against),
        );
        self.book(store, when, voucher, (account, paid), None, (party, None));
        paid
    }

    /// One row of the ledger; an amount below zero is a credit.
    fn book(
        &mut self,
        store: &mut Store,
        (invoice, day, year, created): (&Invoice, Cell, Cell, Cell),
        voucher: (Cell, Cell),
        (account, cents): (Cell, i64),
        party: Option<Cell>,
        (against, settles): (Cell, Option<(Cell, Cell)>),
    ) {
        self.ledger_rows += 1;
        let row = store.text(&hash_name(LEDGER_NAMES + self.ledger_rows));
        let debit = money(cents.max(0));
        let credit = money((-cents).max(0));
        let party_type = if party.is_some() {
            self.words.customer
        } else {
            Cell::Null
        };
        let (settles_type, settles_name) = settles.unwrap_or((Cell::Null, Cell::Null));
        let due = if party.is_some() {
            invoice.due_text
        } else {
            Cell::Null
        };
        self.ledger.push(
            store,
            &[
                row,
                day,
                year,
                account,
                party_type,
                party.unwrap_or(Cell::Null),
                debit,
                debit,
                credit,
                credit,
                against,
                settles_type,
                settles_name,
                voucher.0,
                voucher.1,
                due,
                created,
                created,
            ],
        );
    }
}

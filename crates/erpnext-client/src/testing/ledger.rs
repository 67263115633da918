//! The general ledger.

use serde_json::{Value, json};

use super::coerce::{cstr, number, text};
use super::failure::Failure;
use super::select::SelectRequest;
use super::site::{Doc, Site};

/// To the cent, half to the even one: the "Banker's Rounding" of a new site.
pub(super) fn cents(amount: f64) -> f64 {
    let hundredths = amount * 100.0;
    // 2.675 * 100 is 267.49999999999997.
    let whole = hundredths.floor();
    let is_half = (hundredths - whole - 0.5).abs() < 1e-7;
    let rounded = if is_half {
        (whole + 0.5).round_ties_even()
    } else {
        hundredths.round()
    };
    // No negative zero.
    rounded / 100.0 + 0.0
}

/// One line to be posted. A negative debit is a credit.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) account: String,
    pub(super) debit: f64,
    /// Customer, where the account is a receivable.
    pub(super) party: Option<(String, String)>,
    pub(super) against: String,
    pub(super) settles: Option<(String, String)>,
    /// When it is to be paid: receivables of an invoice only.
    pub(super) due: Value,
}

impl Line {
    pub(super) fn new(account: impl Into<String>, debit: f64) -> Self {
        Self {
            account: account.into(),
            debit: cents(debit),
            party: None,
            against: String::new(),
            settles: None,
            due: Value::Null,
        }
    }
}

impl Site {
    /// The company's record.
    pub(super) fn company(&self, name: &str) -> Doc {
        self.load("Company", name).unwrap_or_default()
    }

    /// The site's default company.
    pub(super) fn default_company(&self) -> String {
        let value = self
            .store
            .value("Global Defaults", "Global Defaults", "default_company");
        value.as_ref().map(cstr).unwrap_or_default()
    }

    /// Posts the lines of a voucher; debits and credits are equal or nothing is posted.
    pub(super) fn post(
        &mut self,
        doctype: &str,
        voucher: &Doc,
        lines: Vec<Line>,
    ) -> Result<(), Failure> {
        let balance: f64 = lines.iter().map(|line| line.debit).sum();
        if balance.abs() >= 0.005 {
            let (name, difference) = (text(voucher, "name"), cents(balance));
            return Err(Failure::validation(format!(
                "Debit and Credit not equal for {doctype} #{name}. Difference is {difference}."
            )));
        }
        let company = text(voucher, "company");
        let cost_center = text(&self.company(&company), "cost_center");
        let date = text(voucher, "posting_date");
        let year = date.get(..4).unwrap_or_default().to_owned();
        let remarks = match text(voucher, "remarks") {
            said if said.is_empty() => "No Remarks".to_owned(),
            said => said,
        };
        for line in lines.into_iter().filter(|line| line.debit != 0.0) {
            let (debit, credit) = if line.debit > 0.0 {
                (line.debit, 0.0)
            } else {
                (0.0, -line.debit)
            };
            let pair = |pair: Option<(String, String)>| match pair {
                Some((doctype, name)) => (json!(doctype), json!(name)),
                None => (Value::Null, Value::Null),
            };
            let (party_type, party) = pair(line.party);
            let (against_voucher_type, against_voucher) = pair(line.settles);
            self.book(json!({
                "posting_date": date, "account": line.account, "party_type": party_type,
                "party": party, "cost_center": cost_center, "debit": debit, "credit": credit,
                "account_currency": "CAD", "debit_in_account_currency": debit,
                "credit_in_account_currency": credit, "against": line.against,
                "against_voucher_type": against_voucher_type, "against_voucher": against_voucher,
                "voucher_type": doctype, "voucher_no": text(voucher, "name"),
                "remarks": remarks, "is_opening": "No", "is_advance": "No",
                "fiscal_year": year, "company": company,
                "due_date": line.due, "is_cancelled": 0,
            }))?;
        }
        Ok(())
    }

    /// Marks what a voucher posted as cancelled, and posts the opposite beside it.
    pub(super) fn unpost(&mut self, doctype: &str, name: &str) -> Result<(), Failure> {
        let request = SelectRequest {
            doctype: "GL Entry".to_owned(),
            filters: Some(json!({"voucher_type": doctype, "voucher_no": name, "is_cancelled": 0})),
            order_by: Some("name asc".to_owned()),
            today: self.time().date(),
            ..SelectRequest::default()
        };
        for row in self.store.select(&request, self.dialect)? {
            let entry = row.get("name").map(cstr).unwrap_or_default();
            let mut opposite = self.must_load("GL Entry", &entry)?;
            self.db_set("GL Entry", &entry, [("is_cancelled", json!(1))])?;
            let (debit, credit) = (number(&opposite, "debit"), number(&opposite, "credit"));
            for (key, value) in [
                ("debit", credit),
                ("credit", debit),
                ("debit_in_account_currency", credit),
                ("credit_in_account_currency", debit),
            ] {
                opposite.insert(key.to_owned(), json!(value));
            }
            opposite.insert("is_cancelled".to_owned(), json!(1));
            opposite.insert(
                "remarks".to_owned(),
                json!(format!("On cancellation of {name}")),
            );
            self.book(Value::Object(opposite))?;
        }
        Ok(())
    }

    fn book(&mut self, entry: Value) -> Result<(), Failure> {
        let Value::Object(mut entry) = entry else {
            return Ok(());
        };
        let year = text(&entry, "fiscal_year");
        let prefix = format!("ACC-GLE-{year}-");
        let number = self.store.next_in_series(&prefix);
        let stamp = self.stamp();
        for (key, value) in [
            ("name", json!(format!("{prefix}{number:05}"))),
            ("owner", json!("Administrator")),
            ("modified_by", json!("Administrator")),
            ("creation", json!(stamp)),
            ("modified", json!(stamp)),
            ("docstatus", json!(1)),
            ("idx", json!(0)),
        ] {
            entry.insert(key.to_owned(), value);
        }
        self.db_insert("GL Entry", entry)
    }
}

//! What a site of 15,000 customers costs: time and memory to make it, and its pages over HTTP.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use erpnext_client::testing::{FakeSite, Isp};
use erpnext_client::{Client, Document};
use serde_json::json;

/// Field of `/proc/self/status`, in megabytes; 0 elsewhere.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes
        .and_then(|text| text.parse::<u64>().ok())
        .unwrap_or_default()
        / 1_024
}

#[allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a benchmark measures, and says what it saw"
)]
fn pages(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let before = std::time::Instant::now();
    let isp = Isp::new(15_000).seed(7);
    let fake = runtime
        .block_on(FakeSite::builder().seed(isp).start())
        .unwrap();
    eprintln!(
        "15,000 customers, {} invoices, {} ledger rows: {:.1} s, {} MB",
        fake.count("Sales Invoice"),
        fake.count("GL Entry"),
        before.elapsed().as_secs_f64(),
        memory()
    );
    let client = Client::new(fake.url(), fake.credentials()).unwrap();
    let list =
        |doctype: &'static str, filters: serde_json::Value, order: &'static str, size: u32| {
            let client = client.clone();
            async move {
                let rows: Vec<Document> = client
                    .rpc("frappe.client.get_list")
                    .arg("doctype", doctype)
                    .arg("fields", json!(["name", "modified"]))
                    .arg("filters", filters)
                    .arg("order_by", order)
                    .arg("limit_page_length", size)
                    .send()
                    .await
                    .unwrap();
                rows
            }
        };
    let someone = runtime
        .block_on(list("Customer", json!([["name", ">", "M"]]), "name asc", 1))
        .first()
        .map(|row| erpnext_client::Record::name(row).to_string())
        .unwrap();
    let cases = [
        (
            "invoices of a customer",
            "Sales Invoice",
            json!([["customer", "=", someone]]),
            "posting_date desc",
            50,
        ),
        (
            "what is owed",
            "Sales Invoice",
            json!([["outstanding_amount", ">", 0]]),
            "posting_date desc, name desc",
            50,
        ),
        (
            "the next 500 by name",
            "Sales Invoice",
            json!([["name", ">", "ACC-SINV-2026-050000"]]),
            "name asc",
            500,
        ),
        (
            "ledger of a customer",
            "GL Entry",
            json!([["party", "=", someone], ["is_cancelled", "=", 0]]),
            "posting_date asc",
            50,
        ),
        (
            "part of a name",
            "Customer",
            json!([["customer_name", "like", "%tremblay%"]]),
            "name asc",
            20,
        ),
    ];
    for (title, doctype, filters, order, size) in cases {
        criterion.bench_function(title, |bencher| {
            bencher
                .iter(|| black_box(runtime.block_on(list(doctype, filters.clone(), order, size))));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = pages
}
criterion_main!(benches);

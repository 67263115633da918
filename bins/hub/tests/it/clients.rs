//! Clients through the hub, against a stateful ERPNext and a stateful device server.

use std::time::Duration;

use erpnext_client::testing::{FakeSite, FakeUser};
use erpnext_client::{Client, Dialect, bootstrap::Schema};
use genieacs_nbi::testing::FakeNbi;
use http::StatusCode;
use hub::Hub;
use integration_core::testing::{Fault, FaultRule};
use jiff::Timestamp;
use serde_json::{Value, json};
use ui_kit::testing::{Audit, Document};

use crate::devices::{GOOD, modem};
use crate::pages::page;
use crate::support::{Answer, get, hub, noon};

const KEY: &str = "hub-test-key-00";
const SECRET: &str = "hub-test-secret";
const EVIL: &str = "\"'> onload=alert(1) javascript:alert(1) &lt;script&gt;alert(1)&lt;/script&gt;";

/// An ERPNext with the field service's doctypes.
async fn site(dialect: Dialect) -> FakeSite {
    let user = FakeUser::new("hub@example.ca").token(KEY, SECRET);
    let fake = FakeSite::builder()
        .dialect(dialect)
        .clock(|| Timestamp::try_from(noon()).unwrap())
        .user(
            user.role("System Manager")
                .role("Accounts Manager")
                .role("Sales Manager"),
        )
        .start()
        .await
        .unwrap();
    let client = Client::new(fake.url(), fake.credentials()).unwrap();
    let plan = Schema::field_service().plan(&client).await.unwrap();
    plan.apply(&client, |_| {}).await.unwrap();
    fake
}

/// What a server says that fails.
fn broken() -> Fault {
    Fault::Status(StatusCode::INTERNAL_SERVER_ERROR, String::new())
}

fn hub_of(fake: &FakeSite, more: &[(&str, &str)]) -> Hub {
    let url = fake.url();
    let mut settings = vec![
        ("ERPNEXT_URL", url.as_str()),
        ("ERPNEXT_API_KEY", KEY),
        ("ERPNEXT_API_SECRET", SECRET),
    ];
    settings.extend(more);
    hub(&settings)
}

/// Documents that a test cares for, past the rules that it does not.
fn put(fake: &FakeSite, doctype: &str, document: Value, as_it_is: Value) -> String {
    let name = fake.insert(doctype, document).to_string();
    assert!(fake.set(doctype, &name, as_it_is));
    name
}

/// A client called so.
fn customer(fake: &FakeSite, name: &str) -> String {
    let document = json!({"customer_name": name, "customer_type": "Individual"});
    fake.insert("Customer", document).to_string()
}

fn contact(fake: &FakeSite, customer: &str, phone: &str, email: &str) {
    fake.insert(
        "Contact",
        json!({
            "first_name": "Personne",
            "phone_nos": [{"phone": phone, "is_primary_mobile_no": 1}],
            "email_ids": [{"email_id": email, "is_primary": 1}],
            "links": [{"link_doctype": "Customer", "link_name": customer}],
        }),
    );
}

fn location(fake: &FakeSite, customer: &str, line: &str, city: &str, code: &str) -> String {
    let document = json!({
        "customer": customer, "status": "Active", "address_line": line, "city": city, "postal_code": code,
    });
    fake.insert("Service Location", document).to_string()
}

fn equipment(fake: &FakeSite, customer: &str, serial: &str, mac: &str) {
    fake.insert(
        "Service Equipment",
        json!({
            "serial_number": serial, "equipment_type": "ONT", "status": "Installed", "customer": customer,
            "brand": "TP-Link", "model": "XX230v", "acs": "GenieACS", "mac_address": mac,
        }),
    );
}

/// A submitted invoice, whatever the ledger would say.
fn invoice(fake: &FakeSite, customer: &str, day: &str, due: &str, total: f64, open: f64) -> String {
    let document = json!({
        "customer": customer, "company": "Fibre Boréale", "posting_date": day, "set_posting_time": 1, "due_date": day,
        "currency": "CAD", "selling_price_list": "Standard Selling", "price_list_currency": "CAD",
        "debit_to": "Debtors - FB", "items": [{
            "item_code": "FIBRE-1G", "item_name": "Fibre", "uom": "Nos", "qty": 1, "rate": total,
            "income_account": "Sales - FB", "cost_center": "Main - FB",
        }],
    });
    let as_it_is = json!({
        "docstatus": 1, "posting_date": day, "due_date": due, "grand_total": total, "rounded_total": 0,
        "outstanding_amount": open,
    });
    put(fake, "Sales Invoice", document, as_it_is)
}

/// What the tests look for.
struct Isp {
    fake: FakeSite,
    elodie: String,
    roy: String,
    late: String,
}

async fn isp(dialect: Dialect) -> Isp {
    let fake = site(dialect).await;
    fake.insert(
        "Item",
        json!({"item_code": "FIBRE-1G", "item_name": "Fibre", "item_group": "Services", "stock_uom": "Nos", "is_stock_item": 0}),
    );
    let elodie = customer(&fake, "Élodie Côté-Bélanger");
    contact(&fake, &elodie, "(450) 555-0142", "elodie@example.ca");
    location(
        &fake,
        &elodie,
        "1867, chemin de la Rivière",
        "Sainte-Clotilde",
        "J0L 1W0",
    );
    equipment(&fake, &elodie, "TPLGAB12CD34", "5C:62:8B:A1:B2:C3");
    let roy = customer(&fake, "Marc Roy");
    contact(&fake, &roy, "514-555-0199", "roy@example.ca");
    location(
        &fake,
        &roy,
        "12, rue du Moulin",
        "Sainte-Clotilde",
        "J0L 1W1",
    );
    equipment(&fake, &roy, "TPLG00000001", "");

    let late = invoice(&fake, &elodie, "2026-10-25", "2026-11-10", 91.97, 91.97);
    invoice(&fake, &elodie, "2026-09-25", "2026-10-10", 91.97, 0.0);
    invoice(&fake, &roy, "2026-10-25", "2026-12-10", 45.94, 45.94);

    fake.insert(
        "Subscription Plan",
        json!({"plan_name": "Fibre 1 Gbit/s", "item": "FIBRE-1G", "currency": "CAD", "price_determination": "Fixed Rate",
               "cost": 79.99, "billing_interval": "Month", "billing_interval_count": 1}),
    );
    put(
        &fake,
        "Subscription",
        json!({"party_type": "Customer", "party": elodie, "start_date": "2026-11-20", "company": "Fibre Boréale",
               "generate_invoice_at": "End of the current subscription period",
               "plans": [{"plan": "Fibre 1 Gbit/s", "qty": 1}]}),
        json!({"status": "Active"}),
    );
    let luc = fake.insert(
        "Technician",
        json!({"full_name": "Luc Gagnon", "phone": "+14505550100"}),
    );
    for (status, day) in [
        ("Completed", "2026-11-25"),
        ("Assigned", "2026-11-23"),
        ("Assigned", "2026-12-24"),
    ] {
        fake.insert(
            "Dispatch Job",
            json!({"subject": "Visite", "job_type": "Install", "status": status, "customer": elodie, "technician": luc,
                   "scheduled_date": day, "start_time": "13:00:00", "duration_minutes": 120}),
        );
    }
    put(
        &fake,
        "Communication",
        json!({"subject": "SMS", "communication_medium": "SMS", "communication_type": "Communication", "status": "Open",
               "sent_or_received": "Received", "content": "<p>Bonjour, à quelle heure?</p>",
               "reference_doctype": "Customer", "reference_name": elodie}),
        json!({"communication_date": "2026-11-22 09:40:00"}),
    );
    put(
        &fake,
        "Communication",
        json!({"subject": "Votre facture", "communication_medium": "Email", "communication_type": "Communication",
               "status": "Linked", "sent_or_received": "Sent", "content": "<p>long</p>",
               "timeline_links": [{"link_doctype": "Customer", "link_name": elodie}]}),
        json!({"communication_date": "2026-10-25 08:00:00"}),
    );
    fake.insert(
        "Issue",
        json!({"subject": "Wi-Fi lent", "customer": elodie}),
    );
    Isp {
        fake,
        elodie,
        roy,
        late,
    }
}

fn href(id: &str) -> String {
    format!("/ops/clients/{}", ui_kit::query_value(id))
}

async fn look(hub: &Hub, text: &str) -> Answer {
    let query = ui_kit::query_value(text);
    page(hub, &format!("/ops/clients?q={query}")).await
}

/// Names of the clients that a search shows.
fn shown(answer: &Answer) -> Vec<String> {
    let document = Document::parse(&answer.text);
    document
        .named("a")
        .filter_map(|link| link.attribute("href"))
        .filter_map(|href| href.strip_prefix("/ops/clients/"))
        .map(percent_decoded)
        .collect()
}

fn percent_decoded(text: &str) -> String {
    let pair = format!("x={text}");
    url::form_urlencoded::parse(pair.as_bytes())
        .map(|(_, value)| value.into_owned())
        .collect()
}

#[tokio::test]
async fn a_client_is_found_by_all_that_is_known_of_it() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let isp = isp(dialect).await;
        let hub = hub_of(&isp.fake, &[]);
        for text in [
            "elodie",
            "cote belanger",
            "ÉLODIE Côté",
            "4505550142",
            "+1 (450) 555-0142",
            "555-0142",
            "elodie@example.ca",
            "Elodie@",
            "1867 chemin de la riviere",
            "1867, chemin de la Rivière, Sainte-Clotilde",
            "J0L 1W0",
            "j0l1w0",
        ] {
            let answer = look(&hub, text).await;
            assert_eq!(answer.status, StatusCode::OK, "{text}");
            assert!(!answer.text.contains("n’a pas répondu"), "{text}");
            assert_eq!(shown(&answer), [isp.elodie.as_str()], "{dialect:?} {text}");
        }
        let town = look(&hub, "sainte-clotilde").await;
        assert_eq!(shown(&town).len(), 2, "both are of that town");
        let row = look(&hub, "elodie").await.text;
        for text in ["91,97\u{a0}$", "Actif", "1867, chemin de la Rivière"] {
            assert!(row.contains(text), "{text}");
        }
    }
}

#[tokio::test]
async fn a_number_leads_straight_to_the_client() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let isp = isp(dialect).await;
        let hub = hub_of(&isp.fake, &[]);
        for text in [
            "TPLGAB12CD34",
            "tplgab12cd34",
            "54504C47AB12CD34",
            "5c628ba1b2c3",
            "5C-62-8B-A1-B2-C3",
            isp.late.as_str(),
        ] {
            let answer = look(&hub, text).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{dialect:?} {text}");
            assert_eq!(answer.header("location"), href(&isp.elodie), "{text}");
        }
        // A name that happens to be a number of a client is a name all the same.
        let named = look(&hub, &isp.roy).await;
        assert_eq!(named.status, StatusCode::OK);
        assert_eq!(shown(&named), [isp.roy.as_str()]);
    }
}

#[tokio::test]
async fn a_search_says_when_there_is_nothing_to_find() {
    let isp = isp(Dialect::V16).await;
    let hub = hub_of(&isp.fake, &[]);
    let empty = page(&hub, "/ops/clients").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text.contains("droit à la fiche"));
    let before = isp.fake.requests().len();
    for text in ["", "   ", "\u{0}\u{202e}"] {
        assert_eq!(look(&hub, text).await.status, StatusCode::OK);
    }
    let long = look(&hub, &"é".repeat(201)).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(isp.fake.requests().len(), before, "nothing was asked");
    let none = look(&hub, "Personne").await;
    assert_eq!(none.status, StatusCode::OK);
    assert!(
        none.text
            .contains("Aucun client pour «\u{a0}Personne\u{a0}».")
    );
    assert!(
        look(&hub, &"é".repeat(200))
            .await
            .text
            .contains("Aucun client")
    );
}

#[tokio::test]
async fn what_is_typed_is_data_in_every_filter() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let isp = isp(dialect).await;
        let hub = hub_of(&isp.fake, &[]);
        for text in [
            "%",
            "_",
            "%%%",
            "a_b%",
            "\\",
            "'",
            "\"",
            "`tabUser`",
            "') or 1=1 --",
            "[[\"name\",\"like\",\"%\"]]",
            "{\"$ne\":1}",
            "name asc; drop",
            "<script>alert(1)</script>",
            "../..",
            "..",
            "%2e%2e",
            "\u{1f4a9}",
            "0x41",
            "1,2,3",
            "between",
            "null",
            "=1+1",
            "a@%",
        ] {
            let query = ui_kit::query_value(text);
            let answer = get(&format!("/ops/clients?q={query}"))
                .staff()
                .send(&hub)
                .await;
            assert_eq!(answer.status, StatusCode::OK, "{dialect:?} {text}");
            assert!(
                shown(&answer).is_empty(),
                "{dialect:?} {text}: {:?}",
                shown(&answer)
            );
            assert!(
                !answer.text.contains("n’a pas répondu"),
                "{dialect:?} {text}"
            );
            assert!(!answer.text.contains("<script>alert"));
        }
    }
}

#[tokio::test]
async fn many_clients_are_cut_and_said_to_be() {
    let fake = site(Dialect::V16).await;
    for n in 0..53 {
        customer(&fake, &format!("Tremblay {n:03}"));
    }
    let hub = hub_of(&fake, &[]);
    let answer = look(&hub, "tremblay").await;
    assert_eq!(shown(&answer).len(), 50);
    assert!(answer.text.contains("Précisez la recherche."));
    assert!(answer.text.len() <= 60_000);
}

#[tokio::test]
async fn the_page_of_a_client_says_it_all() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let isp = isp(dialect).await;
        let nbi = FakeNbi::start().await.unwrap();
        let hub = hub_of(&isp.fake, &[("GENIEACS_NBI_URL", &nbi.url())]);
        let answer = page(&hub, &href(&isp.elodie)).await;
        assert_eq!(answer.status, StatusCode::OK);
        for text in [
            "<h1>Élodie Côté-Bélanger</h1>",
            "badge ok\">Actif",
            "1867, chemin de la Rivière, Sainte-Clotilde",
            "href=\"tel:+14505550142\"",
            "elodie@example.ca",
            "1 facture en retard de 12\u{a0}jours",
            "Fibre 1 Gbit/s",
            "79,99\u{a0}$ par mois",
            "lun. 23\u{a0}nov., 13\u{a0}h",
            "de 13\u{a0}h à 15\u{a0}h · Luc Gagnon",
            isp.late.as_str(),
            "2026-11-10",
            "badge bad\">En retard",
            "badge ok\">Payée",
            "TP-Link XX230v",
            "SMS reçu",
            "Bonjour, à quelle heure",
            "il y a 20\u{a0}min",
            "Courriel envoyé",
            "Votre facture",
            "Wi-Fi lent",
            "Intervention terminée",
            "Facture émise",
            "/equipment\"",
        ] {
            assert!(
                answer.text.contains(text),
                "{dialect:?} {text}\n{}",
                answer.text
            );
        }
        assert!(!answer.text.contains("Indisponible"), "{}", answer.text);
        assert!(
            !answer.text.contains(">long<"),
            "the text of an e-mail is not read"
        );
        let english = get(&href(&isp.elodie))
            .staff()
            .header("cookie", "lang=en")
            .send(&hub)
            .await;
        assert!(english.text.contains("$91.97") && english.text.contains("Balance due"));
    }
}

#[tokio::test]
async fn a_client_that_is_not_there_is_a_page_that_says_so() {
    let isp = isp(Dialect::V16).await;
    let hub = hub_of(&isp.fake, &[]);
    for id in ["CUST-404", "%2e%2e", ".", "a%3Cb", "%20", "x%0Ay"] {
        for tail in ["", "/equipment", "?factures="] {
            let answer = page(&hub, &format!("/ops/clients/{id}{tail}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}{tail}");
            assert!(answer.text.contains("Aucun client pour"), "{id}{tail}");
        }
    }
    // The site does not tell case and accents apart, an address of a page does.
    let other = page(&hub, &href("marc ROY")).await;
    assert_eq!(other.status, StatusCode::SEE_OTHER);
    assert_eq!(other.header("location"), href(&isp.roy));
    let stranger = get(&href(&isp.roy)).send(&hub).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn one_source_down_leaves_the_rest() {
    let isp = isp(Dialect::V16).await;
    let hub = hub_of(&isp.fake, &[]);
    for (doctype, gone, kept) in [
        ("Payment Entry", "paiements", "En retard"),
        ("Sales Invoice", "factures", "SMS reçu"),
        (
            "Service Equipment",
            "Indisponible pour le moment",
            "En retard",
        ),
        ("Subscription", "Une partie de la fiche", "En retard"),
        ("Dispatch Job", "Une partie de la fiche", "En retard"),
        ("Communication", "messages", "En retard"),
        ("Service Location", "Une partie de la fiche", "En retard"),
    ] {
        let path = format!("/api/resource/{}", doctype.replace(' ', "%20"));
        isp.fake.faults().clear();
        isp.fake
            .faults()
            .add(FaultRule::new(broken()).under(&path).times(100));
        let answer = page(&hub, &href(&isp.elodie)).await;
        assert_eq!(answer.status, StatusCode::OK, "{doctype}");
        for text in [gone, kept, "Élodie", "Numéro de la requête"] {
            assert!(
                answer.text.contains(text),
                "{doctype}: {text}\n{}",
                answer.text
            );
        }
        let id = answer.header("x-request-id").to_owned();
        assert!(
            answer.text.contains(&format!("<code>{id}</code>")),
            "{doctype}"
        );
    }
    // A part of a search.
    isp.fake.faults().clear();
    isp.fake.faults().add(
        FaultRule::new(broken())
            .under("/api/resource/Service%20Location")
            .times(100),
    );
    let answer = look(&hub, "elodie").await;
    assert_eq!(shown(&answer), [isp.elodie.as_str()]);
    assert!(answer.text.contains("n’a pas répondu"));
}

#[tokio::test]
async fn an_erpnext_that_is_gone_is_said_and_nothing_hangs() {
    let isp = isp(Dialect::V16).await;
    let hub = hub_of(&isp.fake, &[]);
    isp.fake.html_error(502, 10_000);
    let answer = page(&hub, &href(&isp.elodie)).await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(answer.text.contains("Réessayer") && answer.text.contains("/ops/network"));
    let search = look(&hub, "elodie").await;
    assert_eq!(search.status, StatusCode::BAD_GATEWAY);
    assert!(search.text.contains("Impossible de lire les clients."));
    isp.fake.html_error(502, 0);

    tokio::time::pause();
    isp.fake
        .faults()
        .add(FaultRule::new(Fault::Hang).times(1_000));
    let began = tokio::time::Instant::now();
    let answer = page(&hub, &href(&isp.elodie)).await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn without_settings_the_page_says_so_and_the_menu_stays() {
    let hub = hub(&[]);
    for uri in [
        "/ops/clients",
        "/ops/clients?q=roy",
        "/ops/clients/A",
        "/ops/clients/A/equipment",
    ] {
        let answer = page(&hub, uri).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{uri}");
        assert!(answer.text.contains("Ce service n’est pas configuré."));
        assert!(answer.text.contains("href=\"/ops/clients\""));
    }
    let ready = get("/ready").send(&hub).await.json();
    assert_eq!(ready["dependencies"]["erpnext"]["state"], "off");
}

#[tokio::test]
async fn readiness_tells_how_erpnext_is() {
    let fake = site(Dialect::V16).await;
    let ready = get("/ready").send(&hub_of(&fake, &[])).await.json();
    assert_eq!(ready["dependencies"]["erpnext"]["state"], "ok");
    assert_eq!(ready["dependencies"]["genieacs"]["state"], "off");
    fake.html_error(502, 1_000);
    let ready = get("/ready").send(&hub_of(&fake, &[])).await;
    assert_eq!(ready.status, StatusCode::OK);
    assert_eq!(ready.json()["dependencies"]["erpnext"]["state"], "degraded");
}

#[tokio::test]
async fn invoices_are_paged_both_ways_and_none_is_left_out() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let isp = isp(dialect).await;
        // Many of one day: the number decides there.
        for n in 0..105 {
            let day = if n < 60 { "2026-08-01" } else { "2026-07-01" };
            invoice(&isp.fake, &isp.elodie, day, day, 10.0, 0.0);
        }
        let hub = hub_of(&isp.fake, &[]);
        let first = page(&hub, &href(&isp.elodie)).await;
        assert!(first.text.contains("Toutes (107)"), "{}", first.text);
        let mut uri = format!("{}?factures=", href(&isp.elodie));
        let mut seen: Vec<String> = Vec::new();
        let mut back = None;
        for count in [50, 50, 7] {
            let answer = page(&hub, &uri).await;
            assert_eq!(answer.status, StatusCode::OK);
            let numbers = numbers(&answer);
            assert_eq!(numbers.len(), count, "{dialect:?}");
            seen.extend(numbers);
            back = link(&answer, "prev");
            match link(&answer, "next") {
                Some(next) => uri = next,
                None => assert_eq!(count, 7),
            }
        }
        let mut unique = seen.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((seen.len(), unique.len()), (107, 107), "each once");
        assert_eq!(seen[0], isp.late);
        // And back again.
        let second = page(&hub, &back.unwrap()).await;
        assert_eq!(numbers(&second), seen[50..100]);
        let first = page(&hub, &link(&second, "prev").unwrap()).await;
        assert_eq!(numbers(&first), seen[..50]);
        assert_eq!(link(&first, "prev"), None);
        // What is no cursor is the beginning.
        let odd = page(&hub, &format!("{}?factures=x%27%22", href(&isp.elodie))).await;
        assert_eq!(numbers(&odd), seen[..50]);
    }
}

fn numbers(answer: &Answer) -> Vec<String> {
    let document = Document::parse(&answer.text);
    document
        .named("th")
        .filter(|cell| cell.attribute("scope") == Some("row"))
        .map(|cell| cell.text.trim().to_owned())
        .collect()
}

fn link(answer: &Answer, rel: &str) -> Option<String> {
    let document = Document::parse(&answer.text);
    document
        .named("a")
        .find(|link| link.attribute("rel") == Some(rel))
        .and_then(|link| link.attribute("href"))
        .map(str::to_owned)
}

#[tokio::test]
async fn the_modems_are_read_apart() {
    let isp = isp(Dialect::V16).await;
    let nbi = FakeNbi::start().await.unwrap();
    nbi.seed(modem(GOOD, "TPLGAB12CD34", 100));
    let hub = hub_of(&isp.fake, &[("GENIEACS_NBI_URL", &nbi.url())]);
    let record = page(&hub, &href(&isp.elodie)).await;
    assert_eq!(nbi.requests().len(), 0, "the page waits for no modem");
    let document = Document::parse(&record.text);
    let src = document
        .by_id("modem")
        .unwrap()
        .attribute("data-src")
        .unwrap()
        .to_owned();
    let fragment = |answer: &Answer, id: &str| {
        let document = Document::parse(&answer.text);
        let part = document.by_id(id).unwrap();
        assert!(part.attribute("data-frag").is_some());
        part.text.clone()
    };
    let answer = page(&hub, &src).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(fragment(&answer, "connection").contains("En ligne"));
    let live = fragment(&answer, "modem");
    assert!(
        live.contains("\u{2212}20,0\u{a0}dBm") && live.contains("Bon"),
        "{live}"
    );
    assert!(
        answer
            .text
            .contains("/ops/network/device?serial=TPLGAB12CD34")
    );
    // One that the device server has never heard of.
    let other = page(&hub, &format!("{}/equipment", href(&isp.roy))).await;
    assert!(fragment(&other, "modem").contains("ne connaît pas cet appareil"));
    // The device server is down: the page stays.
    nbi.faults().add(FaultRule::new(broken()).times(100));
    let down = page(&hub, &src).await;
    assert_eq!(down.status, StatusCode::OK);
    assert!(fragment(&down, "modem").contains("Impossible de lire le serveur des modems."));
    assert!(fragment(&down, "connection").contains("Indisponible"));
    // There is none.
    let none = hub_of(&isp.fake, &[]);
    let record = page(&none, &href(&isp.elodie)).await;
    assert!(record.text.contains("serveur des modems non configuré"));
    assert!(!record.text.contains("/equipment\""));
    assert_eq!(page(&none, &src).await.status, StatusCode::OK);
}

#[tokio::test]
async fn hostile_documents_execute_nothing() {
    let isp = isp(Dialect::V16).await;
    let fake = &isp.fake;
    let evil = customer(fake, "Evil");
    let raw = "<script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\u{0}";
    for text in [EVIL, raw] {
        fake.set(
            "Customer",
            &evil,
            json!({"customer_name": text, "mobile_no": "javascript:alert(1)", "email_id": text}),
        );
        let place = location(fake, &evil, "1 rue", "Ville", "J0L 1W0");
        fake.set(
            "Service Location",
            &place,
            json!({"address_line": text, "city": text, "status": text}),
        );
        equipment(fake, &evil, &format!("SN{}", text.len()), "");
        let message = put(
            fake,
            "Communication",
            json!({"subject": "x", "communication_medium": "SMS", "communication_type": "Communication", "status": "Open",
                   "sent_or_received": "Received", "reference_doctype": "Customer", "reference_name": evil}),
            json!({"subject": text, "content": text, "communication_medium": text}),
        );
        assert!(!message.is_empty());
        let hub = hub_of(fake, &[]);
        for uri in [
            href(&evil),
            format!("{}?factures={}", href(&evil), ui_kit::query_value(text)),
            format!("{}/equipment", href(&evil)),
            format!("/ops/clients?q={}", ui_kit::query_value("alert")),
            format!("/ops/clients?q={}", ui_kit::query_value(text)),
            format!("/ops/clients/{}", ui_kit::query_value(text)),
        ] {
            let answer = get(&uri)
                .staff()
                .header("accept", "text/html")
                .send(&hub)
                .await;
            let problems = Audit::page().typography(false).problems(&answer.text);
            assert_eq!(problems, Vec::<String>::new(), "{uri}");
            assert!(
                !answer.text.contains("<script>alert") && !answer.text.contains("<img"),
                "{uri}"
            );
            assert!(!answer.text.contains("href=\"javascript"), "{uri}");
            assert!(!answer.text.contains(['\u{202e}', '\0']), "{uri}");
        }
    }
}

#[tokio::test]
async fn secrets_and_customers_stay_out_of_addresses_and_headers() {
    let isp = isp(Dialect::V16).await;
    let hub = hub_of(&isp.fake, &[]);
    let answer = page(&hub, &href(&isp.elodie)).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(!answer.text.contains(SECRET) && !answer.text.contains(KEY));
    // The hub's own id reaches the site, for whoever has to follow a request.
    let id = answer.header("x-request-id").to_owned();
    let passed = isp.fake.requests().iter().any(|request| {
        request
            .headers
            .iter()
            .any(|(name, value)| name == "x-request-id" && *value == id)
    });
    assert!(passed);
}

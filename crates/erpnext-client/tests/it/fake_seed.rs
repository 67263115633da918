//! The invented provider, as its clients see it.

use erpnext_client::Dialect;
use erpnext_client::testing::{FakeSite, Isp, SeedEquipment};
use jiff::civil::date;

#[tokio::test]
async fn a_seeded_site_has_what_a_provider_has() {
    let device = SeedEquipment {
        serial: "TPLGC0FFEE01".to_owned(),
        acs_device_id: "00005E-XX230v-TPLGC0FFEE01".to_owned(),
        ..SeedEquipment::default()
    };
    let isp = Isp::new(40)
        .seed(7)
        .today(date(2026, 11, 22))
        .company("Fibre des Monts", "FM")
        .equipment(vec![device]);
    let fake = FakeSite::builder()
        .dialect(Dialect::V15)
        .seed(isp)
        .start()
        .await
        .unwrap();
    assert_eq!(fake.count("Customer"), 40);
    assert_eq!(fake.count("Service Location"), 40);
    assert!(fake.count("Sales Invoice") > 400);
    assert!(fake.count("Dispatch Job") >= 12);
    assert_eq!(
        fake.count("GL Entry"),
        4 * fake.count("Sales Invoice") + 2 * fake.count("Payment Entry")
    );
    let device = fake.document("Service Equipment", "EQ-00001").unwrap();
    assert_eq!(device["serial_number"], "TPLGC0FFEE01");
    let invoice = fake
        .document("Sales Invoice", "ACC-SINV-2026-00001")
        .unwrap();
    assert_eq!(invoice["debit_to"], "Debtors - FM");
    assert_eq!(invoice["taxes"].as_array().map(Vec::len), Some(2));
    let location = fake.document("Service Location", "LOC-00001").unwrap();
    assert_eq!(location["customer"], device["customer"]);
}

#[tokio::test]
async fn without_the_bootstrap_there_are_only_the_doctypes_of_others() {
    let isp = Isp::new(5).bootstrapped(false);
    let fake = FakeSite::builder().seed(isp).start().await.unwrap();
    assert_eq!(fake.count("Customer"), 5);
    assert!(fake.document("DocType", "Dispatch Job").is_none());
    assert!(fake.document("DocType", "Sales Invoice").is_some());
}

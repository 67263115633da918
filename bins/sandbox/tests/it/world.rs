//! The sandbox as a whole, on free ports.

use std::collections::BTreeMap;

use erpnext_client::Dialect;
use erpnext_client::bootstrap::Schema;
use erpnext_client::doctypes::{Customer, ServiceEquipment};
use hub::platform::config::Config;
use sandbox::fleet::Fleet;
use sandbox::world::{Options, World};
use sandbox::{env_file, fake_erp, tour};
use tokio::net::TcpStream;

fn options() -> Options {
    Options {
        port: Some(0),
        ..Options::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_passes_and_everything_stops() {
    let world = World::start(options()).await.unwrap();
    let addresses = world.addresses().clone();
    let mut reported = 0;
    let steps = tour::run(&addresses, |_| reported += 1).await.unwrap();
    let failed: Vec<_> = steps.iter().filter(|step| step.error.is_some()).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(reported, steps.len());
    world.stop().await;
    for url in [
        addresses.hub.unwrap(),
        addresses.console.unwrap(),
        addresses.genieacs_nbi,
        addresses.erpnext,
        addresses.stripe,
    ] {
        let address = url.trim_start_matches("http://").to_owned();
        assert!(
            TcpStream::connect(&address).await.is_err(),
            "{address} still answers"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_hub_the_settings_are_enough_for_one_of_ones_own() {
    let world = World::start(Options {
        without_hub: true,
        ..options()
    })
    .await
    .unwrap();
    let addresses = world.addresses();
    assert!(addresses.hub.is_none() && addresses.console.is_none());
    let text = env_file::render(&addresses.settings);
    assert!(text.contains(&format!("GENIEACS_NBI_URL={}\n", addresses.genieacs_nbi)));
    assert!(text.contains(&format!("ERPNEXT_URL={}\n", addresses.erpnext)));
    assert!(text.contains(&format!("STRIPE_API_URL={}\n", addresses.stripe)));
    // All that a hub needs, and nothing it does not know.
    let known: BTreeMap<String, String> = addresses
        .settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    let config = Config::read(&known).unwrap();
    assert!(config.stripe.is_some() && config.portal_url.is_some());
    assert_eq!(config.stripe_webhook_secrets.len(), 1);
    let data = config.data_dir.unwrap();
    assert!(data.is_dir());
    for name in ["ERPNEXT_API_KEY", "ERPNEXT_API_SECRET"] {
        let value = &addresses.settings[name];
        assert!(addresses.erpnext_authorization.contains(value), "{name}");
    }
    let path = std::env::temp_dir().join(format!("sandbox-{}.env", std::process::id()));
    env_file::write(&path, &addresses.settings).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    std::fs::remove_file(&path).unwrap();
    world.stop().await;
    assert!(!data.exists(), "the hub's state goes with the sandbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_customers_have_the_modems_and_the_books_hold_all_of_them() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let world = World::start(Options {
            customers: 300,
            dialect,
            without_hub: true,
            ..options()
        })
        .await
        .unwrap();
        let addresses = world.addresses();
        let erp = fake_erp::client(&addresses.erpnext).unwrap();
        assert_eq!(erp.dialect().await.unwrap(), dialect);
        assert_eq!(erp.docs::<Customer>().count().await.unwrap(), 300);
        assert_eq!((addresses.customers, addresses.modems), (300, 300));
        let plan = Schema::field_service().plan(&erp).await.unwrap();
        assert!(plan.is_fulfilled(), "{plan:?}");
        let good = Fleet::exemplars().good;
        let devices = erp.docs::<ServiceEquipment>();
        let device = devices
            .list()
            .filter(erpnext_client::Filter::eq("acs_device_id", good.id));
        let device = device.first().await.unwrap().unwrap();
        assert_eq!(device.serial_number, good.serial);
        assert_eq!(
            device.customer.unwrap().as_str(),
            addresses.examples.customer
        );
        world.stop().await;
    }
}

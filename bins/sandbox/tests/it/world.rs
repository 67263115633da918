//! The sandbox as a whole, on free ports.

use sandbox::world::{Options, World};
use sandbox::{env_file, tour};
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
    let path = std::env::temp_dir().join(format!("sandbox-{}.env", std::process::id()));
    env_file::write(&path, &addresses.settings).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    std::fs::remove_file(&path).unwrap();
    world.stop().await;
}

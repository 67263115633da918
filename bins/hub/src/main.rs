//! The hub's process: settings in, signals in, exit code out.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use hub::Hub;
use hub::platform::config::{Config, Environment};
use hub::platform::serve::{Drain, serve};
use integration_core::Clock;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The HTTP gateway of the field service. Settings are environment variables; see
/// docs/settings.md.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Checks the settings and stops.
    #[arg(long)]
    check_config: bool,
    /// Prints the settings, without secrets, and stops.
    #[arg(long)]
    print_config: bool,
    /// Asks a running hub, such as <http://127.0.0.1:3300/ready>, and exits 0 when it says yes.
    #[arg(long, value_name = "URL")]
    probe: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(url) = arguments.probe {
        return probe(&url).await;
    }
    let hub = Config::read(&Environment).and_then(|config| {
        if arguments.print_config {
            say(&config.redacted());
        }
        Hub::new(config, Clock::system()).map_err(|mistake| vec![mistake])
    });
    let hub = match hub {
        Ok(hub) => hub,
        Err(mistakes) => {
            for mistake in mistakes {
                complain(&mistake.to_string());
            }
            return ExitCode::from(2);
        }
    };
    if arguments.check_config || arguments.print_config {
        return ExitCode::SUCCESS;
    }
    let _log = hub::platform::log::install();
    match run(hub).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(hub: Hub) -> anyhow::Result<bool> {
    use anyhow::Context as _;

    let config = hub.config();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("HUB_LISTEN: cannot listen on {}", config.listen))?;
    let metrics = match config.metrics_listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .with_context(|| format!("HUB_METRICS_LISTEN: cannot listen on {address}"))?,
        ),
        None => None,
    };
    tracing::info!(listen = %listener.local_addr()?, "started");
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let serving = serve(hub, listener, metrics, stop.clone(), Drain::default());
    tokio::pin!(serving);
    tokio::select! {
        finished = &mut serving => return Ok(finished),
        _ = terminate.recv() => tracing::info!("stopping"),
        _ = interrupt.recv() => tracing::info!("stopping"),
    }
    stop.cancel();
    // A second signal, or requests that never end, must not keep a dead process around.
    let finished = tokio::select! {
        finished = &mut serving => finished,
        _ = terminate.recv() => false,
        _ = interrupt.recv() => false,
        () = tokio::time::sleep(Duration::from_secs(45)) => false,
    };
    tracing::info!(finished, "stopped");
    Ok(finished)
}

/// Asks a running hub whether it is ready: the health check of an image without a shell.
async fn probe(url: &str) -> ExitCode {
    let (base, path) = match url.rsplit_once('/') {
        Some((base, "ready")) => (base, "ready"),
        Some((base, "health")) => (base, "health"),
        _ => {
            complain("--probe takes the address of /ready or /health");
            return ExitCode::from(2);
        }
    };
    let answer = async {
        let client = integration_core::HttpClient::builder(base)
            .retry(integration_core::RetryPolicy::none())
            .timeout(Duration::from_secs(3))
            .build()?;
        client
            .request(http::Method::GET, integration_core::ApiPath::new(path))
            .send()
            .await?
            .error_for_status()
    };
    match answer.await {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stdout, reason = "asked for on the command line")]
fn say(text: &str) {
    print!("{text}");
}

#[allow(
    clippy::print_stderr,
    reason = "before there is a log, and for a person"
)]
fn complain(text: &str) {
    eprintln!("hub: {text}");
}

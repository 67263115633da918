//! The hub's process: settings in, signals in, exit code out.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use hub::Hub;
use hub::platform::config::{Config, Environment, Mistake};
use hub::platform::serve::{Beside, Drain, serve};
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
    let config = Config::read(&Environment).and_then(|config| {
        if arguments.print_config {
            say(&config.redacted());
        }
        // Whatever only shows to be wrong when it is used.
        Hub::new(config.clone(), Clock::system()).map_err(|mistake| vec![mistake])?;
        Ok(config)
    });
    let config = match config {
        Ok(config) => config,
        Err(mistakes) => return refuse(&mistakes),
    };
    if arguments.check_config || arguments.print_config {
        return ExitCode::SUCCESS;
    }
    let hub = match Hub::open(config, Clock::system()).await {
        Ok(hub) => hub,
        Err(mistake) => return refuse(&[mistake]),
    };
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

/// One line for each setting that is wrong.
fn refuse(mistakes: &[Mistake]) -> ExitCode {
    for mistake in mistakes {
        complain(&mistake.to_string());
    }
    ExitCode::from(2)
}

async fn run(hub: Hub) -> anyhow::Result<bool> {
    use anyhow::Context as _;

    let config = hub.config();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("HUB_LISTEN: cannot listen on {}", config.listen))?;
    let beside = Beside {
        metrics: bind("HUB_METRICS_LISTEN", config.metrics_listen).await?,
        sse: bind("HUB_SSE_LISTEN", config.sse_listen).await?,
    };
    tracing::info!(listen = %listener.local_addr()?, "started");
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = CancellationToken::new();
    let serving = async {
        let finished = serve(
            hub.clone(),
            listener,
            beside,
            stop.clone(),
            Drain::default(),
        )
        .await;
        hub.close().await;
        finished
    };
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

/// A socket that a setting may ask for.
async fn bind(name: &str, address: Option<SocketAddr>) -> anyhow::Result<Option<TcpListener>> {
    use anyhow::Context as _;

    let Some(address) = address else {
        return Ok(None);
    };
    let listener = TcpListener::bind(address).await;
    listener
        .map(Some)
        .with_context(|| format!("{name}: cannot listen on {address}"))
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

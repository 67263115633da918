//! Options every command shares, and who does what.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::lang::Lang;
use crate::output::{Exit, Failure, Painter, emit};
use crate::settings::Settings;
use crate::{device, doctor, erp, inbox, webhook};

/// One door for every part of the field service: look into modems, read and write ERPNext,
/// check the connections to other systems and the webhooks they send.
#[derive(Debug, Parser)]
#[command(
    name = "fsm",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit codes: 0 done; 1 the answer is \"no\", or a remote failed; 2 bad usage or bad input.\n\
    Settings (GENIEACS_NBI_URL, PUBLIC_URL, …) come from the environment, or from a file with --env-file."
)]
struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Modems and routers: what a device document says, looked up or from a file
    #[command(subcommand)]
    Device(device::Device),
    /// Check every configured remote system, and say what to fix
    ///
    /// Asks each system a harmless question: is it reachable, are the credentials good, which
    /// version answers, does its clock agree with ours. Settings that cannot be right are
    /// reported too. Exits 1 when something configured does not work.
    Doctor(doctor::Doctor),
    /// ERPNext: read, list, count and create documents; make a site ready
    #[command(subcommand)]
    Erp(erp::Erp),
    /// What came in from other systems: list it, see why it failed, have it processed again
    #[command(subcommand)]
    Inbox(inbox::Inbox),
    /// Write the signature header of a webhook, for tests and scripts
    ///
    /// The body is read from standard input, byte for byte. --now sets the time of signing.
    #[command(subcommand)]
    Sign(webhook::Sign),
    /// Check the signature of a webhook, and say what is wrong with it
    ///
    /// The body is read from standard input, byte for byte. Exits 1 when the signature is refused;
    /// the reason is on stderr, with --json also on stdout.
    #[command(subcommand)]
    Verify(webhook::Verify),
}

/// Options of every command.
#[derive(Args, Debug)]
struct Shared {
    /// Read settings from a file of KEY=VALUE lines; the environment wins over the file
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        help_heading = "Global options"
    )]
    env_file: Option<PathBuf>,
    /// Colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Global options"
    )]
    color: When,
    /// Language of what is printed for people [default: the locale's, else English]
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "LANG",
        help_heading = "Global options"
    )]
    lang: Option<Lang>,
    /// Say more: where each value was read
    #[arg(short, long, global = true, help_heading = "Global options")]
    verbose: bool,
    /// Take this time for now: Unix seconds, or RFC 3339
    #[arg(
        long,
        global = true,
        value_name = "TIME",
        value_parser = time,
        allow_hyphen_values = true,
        help_heading = "Global options"
    )]
    now: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    /// When stdout is a terminal and `NO_COLOR` is not set
    Auto,
    Always,
    Never,
}

/// What a command needs from the outside.
pub(crate) struct Context {
    pub(crate) settings: Settings,
    pub(crate) lang: Lang,
    pub(crate) painter: Painter,
    pub(crate) verbose: bool,
    pub(crate) now: Timestamp,
}

/// Runs one command line.
pub(crate) fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Also --help and --version; a closed pipe there is nobody's mistake.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match cli.dispatch() {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(),
    }
}

impl Cli {
    fn dispatch(self) -> Result<Exit, Failure> {
        let settings = Settings::load(self.shared.env_file.as_deref())?;
        let color = match self.shared.color {
            When::Always => true,
            When::Never => false,
            When::Auto => std::io::stdout().is_terminal() && !settings.no_color(),
        };
        let context = Context {
            lang: self
                .shared
                .lang
                .unwrap_or_else(|| Lang::of_locale(settings.locale())),
            painter: Painter::new(color),
            verbose: self.shared.verbose,
            now: self.shared.now.map_or_else(system_now, Ok)?,
            settings,
        };
        let (text, exit) = match self.command {
            Command::Device(command) => command.run(&context)?,
            Command::Doctor(command) => command.run(&context)?,
            Command::Erp(command) => command.run(&context)?,
            Command::Inbox(command) => command.run(&context)?,
            Command::Sign(command) => command.run(&context)?,
            Command::Verify(command) => command.run(&context)?,
        };
        emit(&text)?;
        Ok(exit)
    }
}

/// A time as scripts have it, or as people write it.
fn time(text: &str) -> Result<Timestamp, jiff::Error> {
    text.parse::<i64>()
        .map_or_else(|_| text.parse(), Timestamp::from_second)
}

fn system_now() -> Result<Timestamp, Failure> {
    Timestamp::try_from(integration_core::Clock::system().now())
        .map_err(|_| Failure::input("this machine's clock shows no usable time", "set the clock"))
}

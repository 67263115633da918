//! Settings: the environment, a file of KEY=VALUE lines, and files that hold one secret.

mod env_file;
mod known;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use integration_core::Secret;

use crate::output::Failure;
pub(crate) use known::KNOWN;

/// The longest secret file that is read.
const LONGEST_SECRET: usize = 64 * 1024;

/// A setting that cannot be right: its name and the rule it breaks, never its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Problem {
    pub(crate) name: String,
    pub(crate) rule: String,
}

/// Every setting that has a value.
pub(crate) struct Settings {
    values: BTreeMap<String, Secret>,
    problems: Vec<Problem>,
    locale: Option<String>,
    no_color: bool,
}

impl Settings {
    /// Reads the environment, and below it the file.
    pub(crate) fn load(env_file: Option<&Path>) -> Result<Self, Failure> {
        let mut raw = match env_file {
            Some(path) => env_file::read(path)?,
            None => BTreeMap::new(),
        };
        // A value that is not UTF-8 is no use to any setting; its name is reported as malformed below.
        for (name, value) in std::env::vars_os() {
            raw.insert(
                name.to_string_lossy().into_owned(),
                value.to_string_lossy().into_owned(),
            );
        }
        Ok(Self::from_pairs(&raw))
    }

    fn from_pairs(raw: &BTreeMap<String, String>) -> Self {
        let text = |name: &str| {
            raw.get(name)
                .map(String::as_str)
                .filter(|value| !value.is_empty())
        };
        let mut settings = Self {
            values: BTreeMap::new(),
            problems: Vec::new(),
            locale: ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .find_map(text)
                .map(str::to_owned),
            no_color: text("NO_COLOR").is_some(),
        };
        for setting in KNOWN {
            let name = setting.name;
            let file_name = format!("{name}_FILE");
            let value = match (text(name), text(&file_name)) {
                (Some(_), Some(_)) if setting.is_secret() => {
                    settings.flag(
                        name,
                        format!("is given twice, as {name} and as {file_name}: keep one"),
                    );
                    continue;
                }
                (None, Some(path)) if setting.is_secret() => match secret_file(Path::new(path)) {
                    Ok(value) => value,
                    Err(rule) => {
                        settings.flag(&file_name, rule);
                        continue;
                    }
                },
                (None, _) if setting.is_secret() => {
                    match credential(text("CREDENTIALS_DIRECTORY"), name) {
                        Some(path) => match secret_file(&path) {
                            Ok(value) => value,
                            Err(rule) => {
                                settings.flag(name, rule);
                                continue;
                            }
                        },
                        None => continue,
                    }
                }
                (Some(value), _) => value.to_owned(),
                (None, _) => continue,
            };
            match setting.kind.check(&value) {
                Ok(()) => {
                    settings.values.insert(name.to_owned(), Secret::from(value));
                }
                Err(rule) => settings.flag(name, rule),
            }
        }
        // A misspelt setting of the hub would be ignored in silence.
        for name in raw.keys().filter(|name| name.starts_with("HUB_")) {
            if !KNOWN.iter().any(|setting| setting.name == name) {
                settings.flag(
                    name,
                    "is no setting of the hub: check the spelling".to_owned(),
                );
            }
        }
        settings
    }

    fn flag(&mut self, name: &str, rule: String) {
        self.problems.push(Problem {
            name: name.to_owned(),
            rule,
        });
    }

    /// The value of a setting that is there and well formed.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(Secret::expose)
    }

    /// Settings that cannot be right.
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The problem of one setting.
    pub(crate) fn problem(&self, name: &str) -> Option<&Problem> {
        self.problems.iter().find(|problem| problem.name == name)
    }

    pub(crate) fn locale(&self) -> Option<&str> {
        self.locale.as_deref()
    }

    pub(crate) fn no_color(&self) -> bool {
        self.no_color
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("names", &self.values.keys().collect::<Vec<_>>())
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

/// The secret a file holds, without the line end an editor leaves.
pub(crate) fn secret_file(path: &Path) -> Result<String, String> {
    let bytes =
        fs::read(path).map_err(|error| format!("names a file that cannot be read: {error}"))?;
    if bytes.len() > LONGEST_SECRET {
        return Err(format!("names a file longer than {LONGEST_SECRET} bytes"));
    }
    let text =
        String::from_utf8(bytes).map_err(|_| "names a file that is not UTF-8 text".to_owned())?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.is_empty() {
        return Err("names an empty file".to_owned());
    }
    Ok(text.to_owned())
}

/// A secret the service manager hands over: a file of that name in lower case.
fn credential(directory: Option<&str>, name: &str) -> Option<PathBuf> {
    let path = Path::new(directory?).join(name.to_lowercase());
    path.is_file().then_some(path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Settings;

    fn settings(pairs: &[(&str, &str)]) -> Settings {
        let pairs: BTreeMap<_, _> = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Settings::from_pairs(&pairs)
    }

    #[test]
    fn bad_values_are_named_and_never_shown() {
        let settings = settings(&[
            ("GENIEACS_NBI_URL", "ftp://canary"),
            ("MAGIC_LINK_SECRET", "canary-too-short"),
            ("HUB_LISTEN", "3300"),
            ("HUB_LISTN", "canary"),
            ("TRUSTED_PROXIES", "10.0.0.0/33"),
            ("TWILIO_FROM", "4505550142"),
            ("PUBLIC_URL", "https://fsm.example.ca"),
        ]);
        let names: Vec<_> = settings
            .problems()
            .iter()
            .map(|problem| problem.name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "HUB_LISTEN",
                "TRUSTED_PROXIES",
                "MAGIC_LINK_SECRET",
                "GENIEACS_NBI_URL",
                "TWILIO_FROM",
                "HUB_LISTN"
            ]
        );
        assert_eq!(settings.get("GENIEACS_NBI_URL"), None);
        assert_eq!(settings.get("PUBLIC_URL"), Some("https://fsm.example.ca"));
        assert!(!format!("{settings:?}").contains("canary"));
    }

    #[test]
    fn an_empty_value_is_no_value() {
        let settings = settings(&[
            ("GENIEACS_NBI_URL", ""),
            ("LC_ALL", ""),
            ("LANG", "fr_CA.UTF-8"),
        ]);
        assert_eq!(settings.get("GENIEACS_NBI_URL"), None);
        assert!(settings.problems().is_empty());
        assert_eq!(settings.locale(), Some("fr_CA.UTF-8"));
    }

    #[test]
    fn two_sources_of_one_secret_are_one_too_many() {
        let settings = settings(&[("TRACCAR_TOKEN", "a"), ("TRACCAR_TOKEN_FILE", "/nowhere")]);
        assert!(
            settings
                .problem("TRACCAR_TOKEN")
                .unwrap()
                .rule
                .contains("twice")
        );
    }
}

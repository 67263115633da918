//! Remote systems of the settings that have no check yet.

/// A remote system known by its settings alone.
pub(super) struct System {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) settings: &'static [&'static str],
}

const fn system(
    name: &'static str,
    title: &'static str,
    settings: &'static [&'static str],
) -> System {
    System {
        name,
        title,
        settings,
    }
}

/// They leave this list when they get a check of their own.
pub(super) const LATER: &[System] = &[
    system("redis", "Redis", &["REDIS_URL"]),
    system("oktopus", "Oktopus", &["OKTOPUS_URL"]),
    system("mqtt", "MQTT", &["MQTT_URL"]),
    system("twilio", "Twilio", &["TWILIO_ACCOUNT_SID"]),
    system("smtp", "SMTP", &["SMTP_URL"]),
    system("traccar", "Traccar", &["TRACCAR_URL"]),
    system("gemini", "Gemini", &["GEMINI_API_KEY"]),
    system("docuseal", "DocuSeal", &["DOCUSEAL_URL"]),
    system("rqa", "RQA", &["RQA_URL"]),
    system("legacy_db", "Legacy billing", &["LEGACY_DB_URL"]),
    system("modem_bridge", "Modem bridge", &["MODEM_BRIDGE_URL"]),
    system("olt", "OLT", &["OLT_CONFIG"]),
    system("influx", "InfluxDB", &["INFLUX_URL"]),
    system("loki", "Loki", &["LOKI_URL"]),
    system("authentik", "Authentik", &["AUTHENTIK_URL"]),
    system("n8n", "n8n", &["N8N_URL"]),
    system("routr", "Routr", &["ROUTR_URL"]),
    system("reports_db", "Reports database", &["REPORTS_DB_URL"]),
];

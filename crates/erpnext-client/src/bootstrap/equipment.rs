//! Where a service is, what is installed there, and who installs it.

use super::{Naming, NewDoctype, NewField as F, ROLE};

pub(super) const SERVICE_LOCATION: NewDoctype =
    NewDoctype::new("Service Location", Naming::Format("LOC-{#####}"), LOCATION)
        .title("address_line")
        .roles(&[ROLE]);

static LOCATION: &[F] = &[
    F::link("customer", "Customer", "Customer")
        .required()
        .listed(),
    F::select(
        "status",
        "Status",
        "Planned\nServiceable\nInstalling\nActive\nSuspended\nTerminated",
    )
    .default("Planned")
    .indexed()
    .listed(),
    F::link("address", "Address", "Address"),
    F::new("address_line", "Address line", "Data")
        .required()
        .listed(),
    F::new("city", "City", "Data").required().listed(),
    F::new("postal_code", "Postal code", "Data").indexed(),
    F::new("latitude", "Latitude", "Float"),
    F::new("longitude", "Longitude", "Float"),
    F::new("rqa_address_id", "RQA address", "Data")
        .indexed()
        .description("Identifier in the Répertoire québécois des adresses"),
    F::new("olt", "OLT", "Data").indexed(),
    F::new("olt_slot", "OLT slot", "Int"),
    F::new("olt_port", "OLT port", "Int"),
    F::new("onu_id", "ONU", "Int"),
    F::select("drop_type", "Drop", "\nAerial\nBuried\nMDU"),
    F::new("access_notes", "Access notes", "Small Text"),
    F::new("activated_on", "Activated on", "Date"),
    F::new("terminated_on", "Terminated on", "Date"),
];

pub(super) const SERVICE_EQUIPMENT: NewDoctype =
    NewDoctype::new("Service Equipment", Naming::Format("EQ-{#####}"), EQUIPMENT)
        .title("serial_number")
        .roles(&[ROLE]);

static EQUIPMENT: &[F] = &[
    F::new("serial_number", "Serial number", "Data")
        .required()
        .unique()
        .listed(),
    F::new("mac_address", "MAC address", "Data")
        .indexed()
        .description("AA:BB:CC:DD:EE:FF"),
    F::select(
        "equipment_type",
        "Type",
        "\nONT\nRouter\nMesh\nSTB\nVoIP ATA\nOther",
    )
    .required()
    .listed(),
    F::new("brand", "Brand", "Data"),
    F::new("model", "Model", "Data").listed(),
    F::select(
        "status",
        "Status",
        "In Stock\nAssigned\nInstalled\nFaulty\nReturned\nRetired",
    )
    .default("In Stock")
    .indexed()
    .listed(),
    F::link("customer", "Customer", "Customer"),
    F::link("service_location", "Service location", "Service Location"),
    F::link("subscription", "Subscription", "Subscription"),
    F::select("acs", "ACS", "None\nGenieACS\nOktopus").default("None"),
    F::new("acs_device_id", "Device in the ACS", "Data").indexed(),
    F::new("olt", "OLT", "Data"),
    F::new("onu_serial", "ONU serial number", "Data").indexed(),
    F::new("firmware", "Firmware", "Data"),
    F::new("wan_ip", "WAN address", "Data"),
    F::new("installed_on", "Installed on", "Date"),
    F::link("installed_by", "Installed by", "Technician"),
    F::new("scan_source", "Read from", "Data")
        .description("How the serial number was taken: label, photo, by hand"),
];

pub(super) const TECHNICIAN: NewDoctype =
    NewDoctype::new("Technician", Naming::Format("TECH-{####}"), WORKER)
        .title("full_name")
        .roles(&[ROLE]);

static WORKER: &[F] = &[
    F::new("full_name", "Full name", "Data").required().listed(),
    F::link("employee", "Employee", "Employee"),
    F::link("user", "User", "User"),
    F::new("phone", "Telephone", "Data")
        .required()
        .indexed()
        .description("+14505550142"),
    F::new("email", "E-mail", "Data").options("Email"),
    F::new("is_active", "Active", "Check").default("1").listed(),
    F::table("skills", "Skills", "Technician Skill"),
    F::new("home_latitude", "Home latitude", "Float"),
    F::new("home_longitude", "Home longitude", "Float"),
    F::new("traccar_device_id", "Traccar device", "Int"),
    F::new("calendar_token_version", "Calendar token version", "Int").default("1"),
    F::new("work_start", "Work begins", "Time").default("08:00:00"),
    F::new("work_end", "Work ends", "Time").default("17:00:00"),
    F::new("max_jobs_per_day", "Jobs a day at most", "Int"),
    F::new("color", "Colour", "Color"),
];

pub(super) const TECHNICIAN_SKILL: NewDoctype = NewDoctype::child("Technician Skill", SKILL);

static SKILL: &[F] = &[
    F::new("skill", "Skill", "Data").required().listed(),
    F::new("level", "Level", "Int").default("1").listed(),
];

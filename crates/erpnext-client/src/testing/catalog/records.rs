//! The records a new site has once its company is set up.

use serde_json::{Map, Value, json};

use crate::testing::store::Store;

const BORN: &str = "2024-01-02 08:00:00.000000";

/// Puts a record in; one that is there stays.
pub(in crate::testing) fn put(store: &mut Store, doctype: &str, name: &str, fields: Value) {
    let mut doc = match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    doc.insert("name".to_owned(), json!(name));
    for (key, value) in [
        ("owner", json!("Administrator")),
        ("modified_by", json!("Administrator")),
        ("creation", json!(BORN)),
        ("modified", json!(BORN)),
    ] {
        doc.entry(key).or_insert(value);
    }
    if store.stored_name(doctype, name).is_none() {
        // Only a name that is taken could be refused.
        let _ = store.insert(doctype, doc);
    }
}

/// What Frappe itself brings.
pub(super) fn fill(store: &mut Store) {
    describe_doctypes(store);
    for role in [
        "Administrator",
        "System Manager",
        "Guest",
        "All",
        "Desk User",
        "Accounts Manager",
        "Accounts User",
        "Auditor",
        "Sales Manager",
        "Sales User",
        "Sales Master Manager",
        "Support Team",
        "Stock Manager",
        "Stock User",
        "Item Manager",
        "Maintenance User",
        "HR Manager",
        "HR User",
        "Projects User",
        "Purchase User",
        "Employee",
        "Customer",
        "Agent",
        "Agent Manager",
        "Script Manager",
        "Inbox User",
        "Website Manager",
    ] {
        put(
            store,
            "Role",
            role,
            json!({"role_name": role, "desk_access": u8::from(role != "Guest")}),
        );
    }
    for module in [
        "Core",
        "Desk",
        "Email",
        "Contacts",
        "Custom",
        "Integrations",
        "Automation",
        "Setup",
        "Accounts",
        "Selling",
        "CRM",
        "Stock",
        "Support",
        "Projects",
        "Helpdesk",
        "Geo",
    ] {
        put(store, "Module Def", module, json!({"module_name": module}));
    }
    let roles: Vec<Value> = ["System Manager", "Desk User", "All"]
        .iter()
        .map(|role| json!({"role": role}))
        .collect();
    put(
        store,
        "User",
        "Administrator",
        json!({
            "email": "admin@example.ca", "first_name": "Administrator", "full_name": "Administrator",
            "username": "administrator", "enabled": 1, "user_type": "System User", "language": "fr",
            "roles": roles,
        }),
    );
    put(
        store,
        "User",
        "Guest",
        json!({
            "email": "guest@example.ca", "first_name": "Guest", "full_name": "Guest", "enabled": 1,
            "user_type": "Website User", "roles": [{"role": "Guest"}],
        }),
    );
    put(
        store,
        "Country",
        "Canada",
        json!({
            "country_name": "Canada", "code": "ca", "date_format": "yyyy-mm-dd", "time_zones": "America/Toronto",
        }),
    );
    for (code, fraction, symbol) in [
        ("CAD", "Cent", "$"),
        ("USD", "Cent", "$"),
        ("EUR", "Cent", "€"),
    ] {
        put(
            store,
            "Currency",
            code,
            json!({
                "currency_name": code, "enabled": 1, "fraction": fraction, "fraction_units": 100,
                "smallest_currency_fraction_value": 0.0, "symbol": symbol,
            }),
        );
    }
    for (code, name) in [
        ("fr", "Français"),
        ("en", "English"),
        ("fr-CA", "Français canadien"),
    ] {
        put(
            store,
            "Language",
            code,
            json!({"language_code": code, "language_name": name, "enabled": 1}),
        );
    }
    for word in ["Mme", "M.", "Mx"] {
        put(store, "Salutation", word, json!({"salutation": word}));
    }
    put(
        store,
        "System Settings",
        "System Settings",
        json!({
            "country": "Canada", "language": "fr", "time_zone": "America/Toronto", "setup_complete": 1,
            "date_format": "yyyy-mm-dd", "time_format": "HH:mm:ss", "number_format": "#,###.##",
            "float_precision": "3", "currency_precision": "2", "allow_error_traceback": 1,
            "session_expiry": "170:00", "enable_scheduler": 1,
        }),
    );
    for (name, folder) in [("Home", ""), ("Home/Attachments", "Home")] {
        let file_name = name.rsplit('/').next().unwrap_or(name);
        put(
            store,
            "File",
            name,
            json!({
                "file_name": file_name, "is_folder": 1, "folder": folder,
                "is_home_folder": u8::from(folder.is_empty()),
                "is_attachments_folder": u8::from(!folder.is_empty()),
            }),
        );
    }
    support(store);
}

/// The `DocType` documents of the doctypes themselves.
fn describe_doctypes(store: &mut Store) {
    let described: Vec<_> = store
        .doctypes()
        .map(|schema| (schema.name.clone(), schema.to_json()))
        .collect();
    for (name, mut doc) in described {
        // What is empty need not be written.
        for row in doc.values_mut().filter_map(Value::as_array_mut).flatten() {
            if let Some(row) = row.as_object_mut() {
                row.retain(|_, value| !value.is_null() && *value != 0 && *value != "");
            }
        }
        put(store, "DocType", &name, Value::Object(doc));
    }
}

fn support(store: &mut Store) {
    for (name, category) in [
        ("Open", "Open"),
        ("Replied", "Paused"),
        ("Resolved", "Resolved"),
        ("Closed", "Resolved"),
    ] {
        put(
            store,
            "HD Ticket Status",
            name,
            json!({
                "label_agent": name, "label_customer": name, "category": category, "enabled": 1, "is_system": 1,
            }),
        );
    }
    for (at, name) in ["Low", "Medium", "High", "Urgent"].iter().enumerate() {
        put(
            store,
            "HD Ticket Priority",
            name,
            json!({"integer_value": (at + 1) * 100}),
        );
        put(store, "Issue Priority", name, json!({}));
    }
    for name in ["Question", "Bug", "Incident", "Unspecified"] {
        put(store, "HD Ticket Type", name, json!({"is_system": 1}));
    }
    for name in ["Soutien", "Facturation", "Réseau"] {
        put(store, "HD Team", name, json!({"team_name": name}));
    }
    for name in ["Panne", "Lenteur", "Facturation", "Déménagement", "Wi-Fi"] {
        put(store, "Issue Type", name, json!({}));
    }
}

/// A node of a tree: its own name, the parent's, whether it has children.
type Node<'a> = (&'a str, &'a str, bool);

const GROUPS: [(&str, &str, &[Node<'_>]); 3] = [
    (
        "Customer Group",
        "customer_group_name",
        &[
            ("All Customer Groups", "", true),
            ("Résidentiel", "All Customer Groups", false),
            ("Commercial", "All Customer Groups", false),
            ("Individual", "All Customer Groups", false),
        ],
    ),
    (
        "Territory",
        "territory_name",
        &[
            ("All Territories", "", true),
            ("Canada", "All Territories", true),
            ("Québec", "Canada", true),
            ("Lanaudière", "Québec", false),
            ("Laurentides", "Québec", false),
            ("Montérégie", "Québec", false),
        ],
    ),
    (
        "Item Group",
        "item_group_name",
        &[
            ("All Item Groups", "", true),
            ("Services", "All Item Groups", true),
            ("Internet", "Services", false),
            ("Téléphonie", "Services", false),
            ("Équipement", "All Item Groups", false),
            ("Products", "All Item Groups", false),
        ],
    ),
];

/// name, parent, group, root type, account type
const ACCOUNTS: [(&str, &str, bool, &str, &str); 26] = [
    ("Application of Funds (Assets)", "", true, "Asset", ""),
    (
        "Current Assets",
        "Application of Funds (Assets)",
        true,
        "Asset",
        "",
    ),
    ("Accounts Receivable", "Current Assets", true, "Asset", ""),
    (
        "Debtors",
        "Accounts Receivable",
        false,
        "Asset",
        "Receivable",
    ),
    ("Bank Accounts", "Current Assets", true, "Asset", "Bank"),
    ("Banque", "Bank Accounts", false, "Asset", "Bank"),
    ("Stripe", "Bank Accounts", false, "Asset", "Bank"),
    ("Cash In Hand", "Current Assets", true, "Asset", "Cash"),
    ("Cash", "Cash In Hand", false, "Asset", "Cash"),
    ("Source of Funds (Liabilities)", "", true, "Liability", ""),
    (
        "Current Liabilities",
        "Source of Funds (Liabilities)",
        true,
        "Liability",
        "",
    ),
    (
        "Accounts Payable",
        "Current Liabilities",
        true,
        "Liability",
        "",
    ),
    (
        "Creditors",
        "Accounts Payable",
        false,
        "Liability",
        "Payable",
    ),
    (
        "Duties and Taxes",
        "Current Liabilities",
        true,
        "Liability",
        "Tax",
    ),
    ("TPS 5%", "Duties and Taxes", false, "Liability", "Tax"),
    ("TVQ 9.975%", "Duties and Taxes", false, "Liability", "Tax"),
    ("Income", "", true, "Income", ""),
    ("Direct Income", "Income", true, "Income", "Income Account"),
    ("Sales", "Direct Income", false, "Income", "Income Account"),
    (
        "Service",
        "Direct Income",
        false,
        "Income",
        "Income Account",
    ),
    ("Expenses", "", true, "Expense", ""),
    (
        "Indirect Expenses",
        "Expenses",
        true,
        "Expense",
        "Expense Account",
    ),
    (
        "Round Off",
        "Indirect Expenses",
        false,
        "Expense",
        "Round Off",
    ),
    (
        "Write Off",
        "Indirect Expenses",
        false,
        "Expense",
        "Expense Account",
    ),
    ("Equity", "", true, "Equity", ""),
    ("Retained Earnings", "Equity", false, "Equity", "Equity"),
];

/// Groups, accounts, taxes and settings of a company.
pub(super) fn open_company(store: &mut Store, company: &str, abbr: &str) {
    for (doctype, field, nodes) in GROUPS {
        let parent_field = format!("parent_{}", doctype.to_lowercase().replace(' ', "_"));
        for (at, &(name, parent, is_group)) in nodes.iter().enumerate() {
            let (lft, rgt) = bounds(at, |above| nodes.get(above).map(|node| (node.0, node.1)));
            let mut doc = json!({"is_group": u8::from(is_group), "lft": lft, "rgt": rgt});
            doc[field] = json!(name);
            doc[&parent_field] = json!(parent);
            put(store, doctype, name, doc);
        }
    }
    let of = |name: &str| {
        if name.is_empty() {
            String::new()
        } else {
            format!("{name} - {abbr}")
        }
    };
    for (at, &(name, parent, is_group, root, kind)) in ACCOUNTS.iter().enumerate() {
        let (lft, rgt) = bounds(at, |above| ACCOUNTS.get(above).map(|node| (node.0, node.1)));
        let report = match root {
            "Income" | "Expense" => "Profit and Loss",
            _ => "Balance Sheet",
        };
        let rate = match name {
            "TPS 5%" => 5.0,
            "TVQ 9.975%" => 9.975,
            _ => 0.0,
        };
        put(
            store,
            "Account",
            &of(name),
            json!({
                "account_name": name, "parent_account": of(parent), "is_group": u8::from(is_group),
                "root_type": root, "report_type": report, "account_type": kind, "tax_rate": rate,
                "account_currency": "CAD", "company": company, "lft": lft, "rgt": rgt,
            }),
        );
    }
    for (name, parent, is_group, lft, rgt) in [
        (company, String::new(), 1, 1, 4),
        ("Main", of(company), 0, 2, 3),
    ] {
        put(
            store,
            "Cost Center",
            &of(name),
            json!({
                "cost_center_name": name, "parent_cost_center": parent, "is_group": is_group,
                "company": company, "lft": lft, "rgt": rgt,
            }),
        );
    }
    put(
        store,
        "Company",
        company,
        json!({
            "company_name": company, "abbr": abbr, "default_currency": "CAD", "country": "Canada",
            "default_receivable_account": of("Debtors"), "default_payable_account": of("Creditors"),
            "default_income_account": of("Service"), "default_bank_account": of("Banque"),
            "default_cash_account": of("Cash"), "round_off_account": of("Round Off"),
            "write_off_account": of("Write Off"), "cost_center": of("Main"),
            "round_off_cost_center": of("Main"), "lft": 1, "rgt": 2,
        }),
    );
    put(
        store,
        "Global Defaults",
        "Global Defaults",
        json!({
            "default_company": company, "default_currency": "CAD", "country": "Canada", "disable_rounded_total": 0,
        }),
    );
    put(
        store,
        "Selling Settings",
        "Selling Settings",
        json!({
            "cust_master_name": "Customer Name", "customer_group": "Résidentiel", "territory": "Québec",
            "selling_price_list": "Standard Selling",
        }),
    );
    put(
        store,
        "Accounts Settings",
        "Accounts Settings",
        json!({"unlink_payment_on_cancellation_of_invoice": 1}),
    );
    put(
        store,
        "Price List",
        "Standard Selling",
        json!({
            "price_list_name": "Standard Selling", "enabled": 1, "currency": "CAD", "selling": 1,
        }),
    );
    for (name, whole) in [("Nos", 1), ("Unit", 1), ("Month", 0), ("Hour", 0)] {
        put(
            store,
            "UOM",
            name,
            json!({"uom_name": name, "enabled": 1, "must_be_whole_number": whole}),
        );
    }
    for year in 2023..=2030 {
        put(
            store,
            "Fiscal Year",
            &year.to_string(),
            json!({
                "year": year.to_string(), "year_start_date": format!("{year}-01-01"),
                "year_end_date": format!("{year}-12-31"),
            }),
        );
    }
    for (mode, kind, account) in [
        ("Cash", "Cash", "Cash"),
        ("Stripe", "Bank", "Stripe"),
        ("Interac", "Bank", "Banque"),
        ("Cheque", "Bank", "Banque"),
        ("Prélèvement", "Bank", "Banque"),
    ] {
        put(
            store,
            "Mode of Payment",
            mode,
            json!({
                "mode_of_payment": mode, "enabled": 1, "type": kind,
                "accounts": [{"company": company, "default_account": of(account)}],
            }),
        );
    }
    let tax = |account: &str, rate: f64| {
        json!({
            "charge_type": "On Net Total", "account_head": of(account), "description": account,
            "rate": rate, "cost_center": of("Main"),
        })
    };
    put(
        store,
        "Sales Taxes and Charges Template",
        &of("TPS TVQ"),
        json!({
            "title": "TPS TVQ", "is_default": 1, "company": company,
            "taxes": [tax("TPS 5%", 5.0), tax("TVQ 9.975%", 9.975)],
        }),
    );
    put(
        store,
        "Warehouse",
        &of("Entrepôt"),
        json!({"warehouse_name": "Entrepôt", "company": company}),
    );
}

/// The nested-set bounds of node `at` of a list whose parents stand before their children.
fn bounds<'a>(at: usize, node: impl Fn(usize) -> Option<(&'a str, &'a str)>) -> (usize, usize) {
    fn walk<'a>(
        at: usize,
        node: &impl Fn(usize) -> Option<(&'a str, &'a str)>,
        next: &mut usize,
        wanted: usize,
    ) -> Option<(usize, usize)> {
        let (name, _) = node(at)?;
        let lft = *next;
        *next += 1;
        let mut found = None;
        let mut child = at + 1;
        while let Some((_, parent)) = node(child) {
            if parent == name {
                found = found.or(walk(child, node, next, wanted));
            }
            child += 1;
        }
        let rgt = *next;
        *next += 1;
        if at == wanted {
            Some((lft, rgt))
        } else {
            found
        }
    }
    let mut next = 1;
    let mut root = 0;
    while let Some((_, parent)) = node(root) {
        if parent.is_empty()
            && let Some(found) = walk(root, &node, &mut next, at)
        {
            return found;
        }
        root += 1;
    }
    (0, 0)
}

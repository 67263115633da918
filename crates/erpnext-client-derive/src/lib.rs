#![doc = include_str!("../README.md")]

mod attributes;
mod doctype;
mod patch;
mod select;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct the documents of a doctype, or the rows of a child table.
///
/// Writes the struct's `Serialize` and `Deserialize`, its `Record` and `Doctype` (a child's `Row`),
/// and beside the struct `Invoice` the struct `InvoicePatch`, what can be sent of it.
///
/// On the struct, `#[doctype(…)]`:
/// - `name = "Sales Invoice"`: the doctype. Needed.
/// - `child`: rows of a child table.
/// - `crate = "path"`: where `erpnext-client` is, if not at `::erpnext_client`.
///
/// On a field:
/// - `rename = "type"`: the field's name in Frappe, where it is not the Rust one.
/// - `read_only`: set by the site, so not in the patch.
/// - `unlisted`: not asked for in lists (a field that not every site has a column for). It must be
///   an `Option`.
/// - `extra`: keeps all fields that the struct has no place for. A child needs it, for rows are
///   sent whole.
///
/// # Examples
/// ```
/// use erpnext_client::value::{Decimal, Extra};
/// use erpnext_client::{DocName, Doctype, Modified};
///
/// #[derive(Clone, Debug, Doctype)]
/// #[doctype(name = "Plan")]
/// struct Plan {
///     name: DocName,
///     modified: Option<Modified>,
///     price: Decimal,
///     #[doctype(rename = "type")]
///     kind: Option<String>,
///     #[doctype(extra)]
///     extra: Extra,
/// }
///
/// let plan: Plan = serde_json::from_str(r#"{"name": 7, "price": 79.95, "colour": "red"}"#)?;
/// assert_eq!(plan.price, Decimal::new(7995, 2));
/// assert_eq!(plan.extra["colour"], "red");
/// let raise = PlanPatch::default().price(Decimal::new(8495, 2)).clear_kind();
/// assert_eq!(serde_json::to_string(&raise)?, r#"{"price":84.95,"type":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[proc_macro_derive(Doctype, attributes(doctype))]
pub fn doctype(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    doctype::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes an enum the options of a Select field.
///
/// A variant is the option of its name, or of `#[select("En Route")]`. One variant `Other(String)`
/// takes what the enum does not know, so that an option added on the site breaks nothing.
///
/// Writes `OPTIONS`, `as_str`, `Display`, `From<&str>`, `From<String>`, `FromStr`, serde's traits
/// and `Field`.
///
/// # Examples
/// ```
/// use erpnext_client::Select;
///
/// #[derive(Clone, Debug, PartialEq, Select)]
/// enum Status {
///     Open,
///     #[select("En Route")]
///     EnRoute,
///     Other(String),
/// }
///
/// assert_eq!(Status::OPTIONS, ["Open", "En Route"]);
/// assert_eq!(Status::from("En Route"), Status::EnRoute);
/// assert_eq!(Status::from("Lost"), Status::Other("Lost".to_owned()));
/// assert_eq!(Status::EnRoute.to_string(), "En Route");
/// ```
#[proc_macro_derive(Select, attributes(select))]
pub fn select(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    select::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

//! Item.
//!
//! Source: `erpnext/stock/doctype/item/item.json`.

use crate::value::{Decimal, Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified};

/// What is sold, bought or kept.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::ItemPatch;
///
/// let service = ItemPatch::default()
///     .item_code("FTTH-1000")
///     .item_group("Services")
///     .stock_uom("Nos")
///     .is_stock_item(false);
/// assert_eq!(serde_json::to_value(&service)?["is_stock_item"], 0);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Item")]
#[non_exhaustive]
pub struct Item {
    /// The same as `item_code`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Code.
    pub item_code: String,
    /// What it is called.
    pub item_name: Option<String>,
    /// Item Group.
    pub item_group: DocName,
    /// Unit it is counted in.
    pub stock_uom: DocName,
    /// HTML.
    pub description: Option<String>,
    /// Brand.
    pub brand: Option<DocName>,
    /// Price; sent on creation it makes an Item Price.
    pub standard_rate: Option<Decimal>,
    /// Kept in stock.
    pub is_stock_item: bool,
    /// May be sold.
    pub is_sales_item: bool,
    /// May be bought.
    pub is_purchase_item: bool,
    /// Each piece has a serial number.
    pub has_serial_no: bool,
    /// Not to be chosen any more.
    pub disabled: bool,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

//! What stands in `#[doctype(…)]`, read and checked.

use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{
    Data, DeriveInput, Error, Field, Fields, GenericArgument, Ident, LitStr, Path, PathArguments,
    Result, Type,
};

/// A struct with `#[derive(Doctype)]`.
pub(crate) struct Model {
    /// `Sales Invoice`.
    pub(crate) doctype: LitStr,
    pub(crate) child: bool,
    pub(crate) krate: Path,
    pub(crate) fields: Vec<Column>,
    /// The field that keeps what has no place.
    pub(crate) extra: Option<(Ident, Type)>,
}

/// A field that is a field of the doctype.
pub(crate) struct Column {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// Name in Frappe.
    pub(crate) wire: String,
    pub(crate) read_only: bool,
    pub(crate) unlisted: bool,
    /// Lines of its documentation.
    pub(crate) docs: Vec<syn::Attribute>,
}

/// Fields that the site alone sets.
const SYSTEM: &[&str] = &[
    "modified",
    "modified_by",
    "creation",
    "owner",
    "docstatus",
    "idx",
    "doctype",
    "parent",
    "parentfield",
    "parenttype",
];

impl Column {
    /// The rows' type of a child table.
    pub(crate) fn row(&self) -> Option<&Type> {
        argument(&self.ty, "Vec")
    }

    /// The type without `Option`.
    pub(crate) fn value(&self) -> &Type {
        argument(&self.ty, "Option").unwrap_or(&self.ty)
    }

    pub(crate) fn is_option(&self) -> bool {
        argument(&self.ty, "Option").is_some()
    }

    /// Whether a patch may hold it.
    pub(crate) fn settable(&self) -> bool {
        !self.read_only && !SYSTEM.contains(&self.wire.as_str()) && !self.wire.starts_with('_')
    }
}

/// `T` of `wrapper<T>`.
fn argument<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != wrapper {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

impl Model {
    pub(crate) fn of(input: &DeriveInput) -> Result<Self> {
        let Data::Struct(data) = &input.data else {
            return Err(Error::new_spanned(
                &input.ident,
                "a doctype is a struct; for the options of a Select field use #[derive(Select)]",
            ));
        };
        let Fields::Named(named) = &data.fields else {
            return Err(Error::new_spanned(
                &input.ident,
                "a doctype is a struct with named fields",
            ));
        };
        if !input.generics.params.is_empty() {
            return Err(Error::new_spanned(
                &input.generics,
                "a doctype has no type parameters and no lifetimes",
            ));
        }
        let mut model = Self::of_attributes(input)?;
        for field in &named.named {
            model.add(field)?;
        }
        model.check(input)?;
        Ok(model)
    }

    fn of_attributes(input: &DeriveInput) -> Result<Self> {
        let mut doctype: Option<LitStr> = None;
        let mut child = false;
        let mut krate: Path = syn::parse_quote!(::erpnext_client);
        for attribute in &input.attrs {
            if !attribute.path().is_ident("doctype") {
                continue;
            }
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    let name: LitStr = meta.value()?.parse()?;
                    if name.value().trim().is_empty() {
                        return Err(Error::new(name.span(), "the doctype's name is empty"));
                    }
                    if doctype.replace(name).is_some() {
                        return Err(meta.error("the doctype's name is given twice"));
                    }
                } else if meta.path.is_ident("child") {
                    child = true;
                } else if meta.path.is_ident("crate") {
                    krate = meta.value()?.parse::<LitStr>()?.parse()?;
                } else {
                    return Err(meta.error("known here: name = \"…\", child, crate = \"…\""));
                }
                Ok(())
            })?;
        }
        let doctype = doctype.ok_or_else(|| {
            Error::new_spanned(
                &input.ident,
                "which doctype? add #[doctype(name = \"Sales Invoice\")]",
            )
        })?;
        Ok(Self {
            doctype,
            child,
            krate,
            fields: Vec::new(),
            extra: None,
        })
    }

    fn add(&mut self, field: &Field) -> Result<()> {
        let Some(ident) = field.ident.clone() else {
            return Ok(());
        };
        let mut column = Column {
            wire: ident.unraw().to_string(),
            ident,
            ty: field.ty.clone(),
            read_only: false,
            unlisted: false,
            docs: Vec::new(),
        };
        let mut extra = false;
        for attribute in &field.attrs {
            if attribute.path().is_ident("doc") {
                column.docs.push(attribute.clone());
            }
            if attribute.path().is_ident("serde") {
                return Err(Error::new_spanned(
                    attribute,
                    "#[derive(Doctype)] writes serde's traits itself; to rename a field use #[doctype(rename = \"…\")]",
                ));
            }
            if !attribute.path().is_ident("doctype") {
                continue;
            }
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    let name: LitStr = meta.value()?.parse()?;
                    column.wire = name.value();
                    if column.wire.trim().is_empty() {
                        return Err(Error::new(name.span(), "the field's name is empty"));
                    }
                } else if meta.path.is_ident("read_only") {
                    column.read_only = true;
                } else if meta.path.is_ident("unlisted") {
                    column.unlisted = true;
                } else if meta.path.is_ident("extra") {
                    extra = true;
                } else {
                    return Err(
                        meta.error("known here: rename = \"…\", read_only, unlisted, extra")
                    );
                }
                Ok(())
            })?;
        }
        if extra {
            if self.extra.is_some() {
                return Err(Error::new_spanned(field, "a second #[doctype(extra)]"));
            }
            self.extra = Some((column.ident, column.ty));
            return Ok(());
        }
        if let Some(twin) = self.fields.iter().find(|other| other.wire == column.wire) {
            return Err(Error::new_spanned(
                field,
                format!("`{}` is the field {} already", twin.ident, twin.wire),
            ));
        }
        if column.unlisted && !column.is_option() && column.row().is_none() {
            return Err(Error::new(
                column.ty.span(),
                "what lists do not ask for they do not answer: an unlisted field is an Option",
            ));
        }
        if !self.child && column.settable() {
            self.check_setters(&column)?;
        }
        self.fields.push(column);
        Ok(())
    }

    /// The patch gets the methods `x` and `clear_x` of a field `x`.
    fn check_setters(&self, column: &Column) -> Result<()> {
        let ident = column.ident.unraw().to_string();
        if ["set", "default", "clone"].contains(&ident.as_str()) {
            return Err(Error::new_spanned(
                &column.ident,
                format!(
                    "the patch has a `{ident}` of its own: name the field otherwise and add #[doctype(rename = \"{ident}\")]"
                ),
            ));
        }
        let clears = |field: &str, other: &str| field.strip_prefix("clear_") == Some(other);
        for other in self.fields.iter().filter(|other| other.settable()) {
            let other = other.ident.unraw().to_string();
            if clears(&ident, &other) || clears(&other, &ident) {
                return Err(Error::new_spanned(
                    &column.ident,
                    format!(
                        "the patch cannot have both `{other}` and `{ident}`: name one otherwise, with #[doctype(rename = \"…\")]"
                    ),
                ));
            }
        }
        Ok(())
    }

    fn check(&self, input: &DeriveInput) -> Result<()> {
        let Some(name) = self.fields.iter().find(|field| field.wire == "name") else {
            return Err(Error::new_spanned(
                &input.ident,
                if self.child {
                    "a row has a name once it is stored: add `name: Option<DocName>`"
                } else {
                    "a document has a name: add `name: DocName`"
                },
            ));
        };
        if self.child != name.is_option() {
            return Err(Error::new_spanned(
                &name.ty,
                if self.child {
                    "a new row has no name yet: this is an `Option<DocName>`"
                } else {
                    "a stored document always has its name: this is a `DocName`"
                },
            ));
        }
        if self.child && self.extra.is_none() {
            return Err(Error::new_spanned(
                &input.ident,
                "rows are sent whole, and what they leave out is lost: add `#[doctype(extra)] extra: Extra`",
            ));
        }
        if let Some(table) = self
            .fields
            .iter()
            .find(|field| self.child && field.row().is_some())
        {
            return Err(Error::new_spanned(
                &table.ty,
                "a child table has no tables of its own",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use syn::{DeriveInput, parse_quote};

    use super::Model;

    fn refusal(input: &DeriveInput) -> String {
        Model::of(input).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
    }

    #[test]
    fn mistakes_are_told() {
        let cases: [(DeriveInput, &str); 20] = [
            (
                parse_quote!(
                    struct A {
                        name: DocName,
                    }
                ),
                "which doctype?",
            ),
            (
                parse_quote!(
                    #[doctype(name = " ")]
                    struct A {
                        name: DocName,
                    }
                ),
                "the doctype's name is empty",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A", name = "B")]
                    struct A {
                        name: DocName,
                    }
                ),
                "given twice",
            ),
            (
                parse_quote!(
                    #[doctype(title = "A")]
                    struct A {
                        name: DocName,
                    }
                ),
                "known here: name",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A")]
                    enum A {
                        B,
                    }
                ),
                "a doctype is a struct",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A")]
                    struct A(DocName);
                ),
                "named fields",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A")]
                    struct A<T> {
                        name: T,
                    }
                ),
                "no type parameters",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A")]
                    struct A {
                        title: String,
                    }
                ),
                "add `name: DocName`",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A")]
                    struct A {
                        name: Option<DocName>,
                    }
                ),
                "always has its name",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A", child)]
                    struct A {
                        title: String,
                    }
                ),
                "add `name: Option<DocName>`",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A", child)]
                    struct A {
                        name: DocName,
                    }
                ),
                "no name yet",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A", child)]
                    struct A {
                        name: Option<DocName>,
                    }
                ),
                "rows are sent whole",
            ),
            (
                parse_quote! {
                    #[doctype(name = "A", child)]
                    struct A { name: Option<DocName>, rows: Vec<B>, #[doctype(extra)] extra: Extra }
                },
                "no tables of its own",
            ),
            (
                parse_quote! {
                    #[doctype(name = "A")]
                    struct A { name: DocName, #[doctype(renamed = "x")] a: String }
                },
                "known here: rename",
            ),
            (
                parse_quote! {
                    #[doctype(name = "A")]
                    struct A { name: DocName, #[serde(rename = "x")] a: String }
                },
                "writes serde's traits itself",
            ),
            (
                parse_quote! {
                    #[doctype(name = "A")]
                    struct A { name: DocName, #[doctype(rename = "name")] a: String }
                },
                "`name` is the field name already",
            ),
            (
                parse_quote! {
                    #[doctype(name = "A")]
                    struct A { name: DocName, #[doctype(unlisted)] a: String }
                },
                "an unlisted field is an Option",
            ),
            (
                parse_quote!(
                    #[doctype(name = "A")]
                    struct A {
                        name: DocName,
                        default: String,
                    }
                ),
                "the patch has a `default` of its own",
            ),
            (
                parse_quote! {
                    #[doctype(name = "A")]
                    struct A { name: DocName, b: String, clear_b: String }
                },
                "cannot have both",
            ),
            (
                parse_quote! {
                    #[doctype(name = "A")]
                    struct A { name: DocName, #[doctype(extra)] a: Extra, #[doctype(extra)] b: Extra }
                },
                "a second",
            ),
        ];
        for (input, expected) in &cases {
            let told = refusal(input);
            assert!(told.contains(expected), "{told}\nnot: {expected}");
        }
    }

    #[test]
    fn what_is_settable() {
        let model = Model::of(&parse_quote! {
            #[doctype(name = "A")]
            struct A {
                name: DocName,
                modified: Modified,
                docstatus: DocStatus,
                _user_tags: Option<String>,
                #[doctype(read_only)]
                total: Decimal,
                r#type: std::option::Option<Kind>,
                rows: Vec<Row>,
            }
        })
        .unwrap_or_else(|error| panic!("{error}"));
        let settable: Vec<&str> = model
            .fields
            .iter()
            .filter(|field| field.settable())
            .map(|field| field.wire.as_str())
            .collect();
        assert_eq!(settable, ["name", "type", "rows"]);
        let tables = model.fields.iter().filter(|field| field.row().is_some());
        assert_eq!(tables.count(), 1);
        assert!(
            model
                .fields
                .iter()
                .any(|field| field.wire == "type" && field.is_option())
        );
    }
}

//! The struct of what can be sent.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::{DeriveInput, Ident};

use crate::attributes::{Column, Model};

/// `SalesInvoicePatch` of `SalesInvoice`.
pub(crate) fn name(ident: &Ident) -> Ident {
    format_ident!("{}Patch", ident.unraw())
}

pub(crate) fn expand(input: &DeriveInput, model: &Model) -> TokenStream {
    let ident = &input.ident;
    let vis = &input.vis;
    let krate = &model.krate;
    let patch = name(ident);
    let columns: Vec<&Column> = model
        .fields
        .iter()
        .filter(|field| field.settable())
        .collect();
    let idents: Vec<_> = columns.iter().map(|column| &column.ident).collect();
    let values: Vec<_> = columns.iter().map(|column| column.value()).collect();
    let wires: Vec<_> = columns.iter().map(|column| &column.wire).collect();
    let docs: Vec<_> = columns
        .iter()
        .map(|column| {
            let docs = &column.docs;
            let line = format!("Field `{}`.", column.wire);
            if docs.is_empty() {
                quote!(#[doc = #line])
            } else {
                quote!(#(#docs)*)
            }
        })
        .collect();
    let setters = columns.iter().map(|column| setter(column, model, vis));
    let doc = format!(
        "What can be sent of a [`{ident}`]: of each field a value, null (clears it), or nothing \
         (leaves it).\n\nFields of {} that have no place here: [`set`](Self::set).",
        model.doctype.value()
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Default)]
        #[must_use]
        #vis struct #patch {
            #(
                #docs
                #vis #idents: #krate::Patch<#values>,
            )*
            #[doc(hidden)]
            #vis __others: #krate::Changes,
        }

        #[allow(dead_code, reason = "not everyone sends every field")]
        impl #patch {
            #(#setters)*

            /// Sets a field that has no place here; null clears it. It goes before the field of
            /// the same name that has one.
            #vis fn set(
                mut self,
                field: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<#krate::__derive::Value>,
            ) -> Self {
                self.__others.insert(field, value);
                self
            }
        }

        #[automatically_derived]
        impl #krate::__derive::serde::Serialize for #patch {
            fn serialize<__S: #krate::__derive::serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                let mut map = #krate::__derive::serde::Serializer::serialize_map(
                    serializer,
                    ::core::option::Option::None,
                )?;
                #(
                    #krate::__derive::write_patch(
                        &mut map,
                        #wires,
                        &self.#idents,
                        &self.__others,
                    )?;
                )*
                #krate::__derive::write_extra(
                    &mut map,
                    self.__others.fields(),
                    |_| ::core::option::Option::None,
                )?;
                #krate::__derive::serde::ser::SerializeMap::end(map)
            }
        }
    }
}

fn setter(column: &Column, model: &Model, vis: &syn::Visibility) -> TokenStream {
    let Column { ident, wire, .. } = column;
    let value = column.value();
    let krate = &model.krate;
    let sets = if wire == "name" {
        "Chooses the name of a new document, where the doctype lets it be chosen.".to_owned()
    } else if column.row().is_some() {
        format!("Sets `{wire}`: these rows replace all rows of the table.")
    } else {
        format!("Sets `{wire}`.")
    };
    let set = quote! {
        #[doc = #sets]
        #vis fn #ident(mut self, value: impl #krate::value::IntoField<#value>) -> Self {
            self.#ident.set(value);
            self
        }
    };
    if wire == "name" {
        return set;
    }
    let clears = format!("Clears `{wire}`.");
    let clear = format_ident!("clear_{}", ident.unraw());
    quote! {
        #set

        #[doc = #clears]
        #vis fn #clear(mut self) -> Self {
            self.#ident = #krate::Patch::Null;
            self
        }
    }
}

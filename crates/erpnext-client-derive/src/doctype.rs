//! What `#[derive(Doctype)]` writes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{DeriveInput, Result};

use crate::attributes::{Column, Model};
use crate::patch;

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let model = Model::of(input)?;
    let known = known(&model);
    let deserialize = deserialize(input, &model, &known);
    let serialize = serialize(input, &model, &known);
    let (traits, patch) = if model.child {
        (row(input, &model), TokenStream::new())
    } else {
        (doctype(input, &model), patch::expand(input, &model))
    };
    Ok(quote! {
        #deserialize
        #serialize
        #traits
        #patch
    })
}

/// A function from a field's name to its number.
fn known(model: &Model) -> TokenStream {
    let names = model.fields.iter().map(|field| &field.wire);
    let numbers = 0..model.fields.len();
    quote! {
        fn __known(field: &str) -> ::core::option::Option<usize> {
            match field {
                #(#names => ::core::option::Option::Some(#numbers),)*
                _ => ::core::option::Option::None,
            }
        }
    }
}

fn deserialize(input: &DeriveInput, model: &Model, known: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let krate = &model.krate;
    let doctype = &model.doctype;
    let slots: Vec<_> = (0..model.fields.len())
        .map(|number| format_ident!("__field{number}"))
        .collect();
    let types: Vec<_> = model.fields.iter().map(|field| &field.ty).collect();
    let reads = model.fields.iter().enumerate().map(|(number, field)| {
        let Column { ty, wire, .. } = field;
        let slot = &slots[number];
        // With the span of the type: that is where a type that is no field gets its error.
        quote_spanned! {ty.span()=>
            #krate::__derive::Key::Known(#number) => {
                #slot = ::core::option::Option::Some(
                    #krate::__derive::next_field::<#ty, __A>(&mut map, #doctype, #wire)?,
                );
            }
        }
    });
    let takes = model.fields.iter().enumerate().map(|(number, field)| {
        let Column { ident, wire, .. } = field;
        let slot = &slots[number];
        quote! {
            #ident: match #slot {
                ::core::option::Option::Some(value) => value,
                ::core::option::Option::None => #krate::__derive::absent(#doctype, #wire)?,
            }
        }
    });
    let keep = model.extra.is_some();
    let (make, insert, take) = match &model.extra {
        Some((extra, ty)) => (
            quote! { let mut __extra: #ty = #krate::value::Extra::new(); },
            quote! {
                #krate::__derive::Key::Extra(key) => {
                    __extra.insert(key, map.next_value()?);
                }
            },
            quote! { #extra: __extra, },
        ),
        None => Default::default(),
    };
    let expecting = format!("a document of {}", doctype.value());
    quote! {
        #[automatically_derived]
        const _: () = {
            #known

            struct __Visitor;

            impl<'de> #krate::__derive::serde::de::Visitor<'de> for __Visitor {
                type Value = #ident;

                fn expecting(
                    &self,
                    f: &mut ::core::fmt::Formatter<'_>,
                ) -> ::core::fmt::Result {
                    f.write_str(#expecting)
                }

                fn visit_map<__A: #krate::__derive::serde::de::MapAccess<'de>>(
                    self,
                    mut map: __A,
                ) -> ::core::result::Result<#ident, __A::Error> {
                    #(let mut #slots: ::core::option::Option<#types> = ::core::option::Option::None;)*
                    #make
                    while let ::core::option::Option::Some(key) =
                        #krate::__derive::next_key(&mut map, #keep, __known)?
                    {
                        match key {
                            #(#reads)*
                            #insert
                            _ => #krate::__derive::ignore(&mut map)?,
                        }
                    }
                    ::core::result::Result::Ok(#ident {
                        #(#takes,)*
                        #take
                    })
                }
            }

            impl<'de> #krate::__derive::serde::Deserialize<'de> for #ident {
                fn deserialize<__D: #krate::__derive::serde::Deserializer<'de>>(
                    deserializer: __D,
                ) -> ::core::result::Result<Self, __D::Error> {
                    deserializer.deserialize_map(__Visitor)
                }
            }
        };
    }
}

fn serialize(input: &DeriveInput, model: &Model, known: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let krate = &model.krate;
    let writes = model.fields.iter().map(|field| {
        let Column {
            ident, ty, wire, ..
        } = field;
        let write = quote! {
            #krate::__derive::serde::ser::SerializeMap::serialize_entry(
                &mut map,
                #wire,
                &#krate::__derive::Wire(&self.#ident),
            )?;
        };
        // A row says nothing of what it has not, so that a new row gets the site's defaults.
        if model.child {
            quote_spanned! {ty.span()=>
                if !<#ty as #krate::value::Field>::is_null(&self.#ident) { #write }
            }
        } else {
            write
        }
    });
    let (known, extra) = match &model.extra {
        Some((extra, _)) => (
            known.clone(),
            quote! { #krate::__derive::write_extra(&mut map, &self.#extra, __known)?; },
        ),
        None => Default::default(),
    };
    quote! {
        #[automatically_derived]
        const _: () = {
            #known

            impl #krate::__derive::serde::Serialize for #ident {
                fn serialize<__S: #krate::__derive::serde::Serializer>(
                    &self,
                    serializer: __S,
                ) -> ::core::result::Result<__S::Ok, __S::Error> {
                    let mut map = #krate::__derive::serde::Serializer::serialize_map(
                        serializer,
                        ::core::option::Option::None,
                    )?;
                    #(#writes)*
                    #extra
                    #krate::__derive::serde::ser::SerializeMap::end(map)
                }
            }
        };
    }
}

/// Names of the columns that lists ask for, `name` first.
fn listed(model: &Model) -> Vec<&str> {
    let mut fields = vec!["name"];
    fields.extend(
        model
            .fields
            .iter()
            .filter(|field| field.row().is_none() && !field.unlisted && field.wire != "name")
            .map(|field| field.wire.as_str()),
    );
    fields
}

/// The Rust field for `name`.
fn name_field(model: &Model) -> TokenStream {
    model
        .fields
        .iter()
        .filter(|field| field.wire == "name")
        .map(|field| {
            let ident = &field.ident;
            quote!(self.#ident)
        })
        .collect()
}

fn doctype(input: &DeriveInput, model: &Model) -> TokenStream {
    let ident = &input.ident;
    let krate = &model.krate;
    let doctype = &model.doctype;
    let patch = patch::name(ident);
    let name = name_field(model);
    let fields = listed(model);
    let modified = model
        .fields
        .iter()
        .find(|field| field.wire == "modified")
        .map_or_else(
            || quote!(::core::option::Option::None),
            |field| {
                let Column { ident, ty, .. } = field;
                quote_spanned!(ty.span()=> #krate::__derive::Lock::lock(&self.#ident))
            },
        );
    let tables = model.fields.iter().filter_map(|field| {
        let row = field.row()?;
        let wire = &field.wire;
        Some(quote_spanned! {row.span()=>
            #krate::ChildTable { field: #wire, doctype: <#row as #krate::Row>::DOCTYPE }
        })
    });
    quote! {
        #[automatically_derived]
        impl #krate::Record for #ident {
            type Patch = #patch;

            fn name(&self) -> &#krate::DocName {
                &#name
            }

            fn modified(&self) -> ::core::option::Option<&#krate::Modified> {
                #modified
            }
        }

        #[automatically_derived]
        impl #krate::Doctype for #ident {
            const DOCTYPE: &'static str = #doctype;
            const FIELDS: &'static [&'static str] = &[#(#fields),*];
            const TABLES: &'static [#krate::ChildTable] = &[#(#tables),*];
        }
    }
}

fn row(input: &DeriveInput, model: &Model) -> TokenStream {
    let ident = &input.ident;
    let krate = &model.krate;
    let doctype = &model.doctype;
    let name = name_field(model);
    let fields = listed(model);
    quote! {
        #[automatically_derived]
        impl #krate::Row for #ident {
            const DOCTYPE: &'static str = #doctype;
            const FIELDS: &'static [&'static str] = &[#(#fields),*];

            fn name(&self) -> ::core::option::Option<&#krate::DocName> {
                #name.as_ref()
            }
        }
    }
}

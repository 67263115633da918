//! What `#[derive(Select)]` writes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Path, Result, Variant, parse_quote,
};

/// An option, and the variant that stands for it.
struct Choice<'a> {
    variant: &'a Ident,
    text: String,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(
            &input.ident,
            "the options of a Select field are an enum",
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "an enum of options has no type parameters and no lifetimes",
        ));
    }
    let krate = krate(&input.attrs)?;
    let mut choices: Vec<Choice<'_>> = Vec::new();
    let mut other = None;
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unit => {
                let text = text(variant)?;
                if let Some(twin) = choices.iter().find(|choice| choice.text == text) {
                    return Err(Error::new_spanned(
                        variant,
                        format!("`{}` stands for {text:?} already", twin.variant),
                    ));
                }
                choices.push(Choice {
                    variant: &variant.ident,
                    text,
                });
            }
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 && variant.ident == "Other" => {
                other = Some(&variant.ident);
            }
            Fields::Unnamed(_) | Fields::Named(_) => {
                return Err(Error::new_spanned(
                    variant,
                    "an option holds nothing; only `Other(String)` holds the options not known",
                ));
            }
        }
    }
    let Some(other) = other else {
        return Err(Error::new_spanned(
            &input.ident,
            "a site can have options of its own: add the variant `Other(String)`",
        ));
    };
    Ok(write(&input.ident, &choices, other, &krate))
}

/// `#[select(crate = "…")]` on the enum.
fn krate(attributes: &[Attribute]) -> Result<Path> {
    let mut krate: Path = parse_quote!(::erpnext_client);
    for attribute in attributes {
        if attribute.path().is_ident("select") {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("crate") {
                    return Err(meta.error("known here: crate = \"…\""));
                }
                krate = meta.value()?.parse::<LitStr>()?.parse()?;
                Ok(())
            })?;
        }
    }
    Ok(krate)
}

/// `#[select("En Route")]`, or the variant's own name.
fn text(variant: &Variant) -> Result<String> {
    let mut text = None;
    for attribute in &variant.attrs {
        if attribute.path().is_ident("select") {
            let given: LitStr = attribute.parse_args()?;
            if text.replace(given.value()).is_some() {
                return Err(Error::new_spanned(attribute, "a second #[select(\"…\")]"));
            }
        }
    }
    Ok(text.unwrap_or_else(|| variant.ident.to_string()))
}

fn write(ident: &Ident, choices: &[Choice<'_>], other: &Ident, krate: &Path) -> TokenStream {
    let variants: Vec<_> = choices.iter().map(|choice| choice.variant).collect();
    let texts: Vec<_> = choices.iter().map(|choice| &choice.text).collect();
    // An empty option is a value only where a variant stands for it.
    let empty = texts.iter().any(|text| text.is_empty());
    let serde = quote!(#krate::__derive::serde);
    quote! {
        #[automatically_derived]
        impl #ident {
            /// The options that have a variant.
            pub const OPTIONS: &'static [&'static str] = &[#(#texts),*];

            /// The option, as it stands in Frappe.
            #[must_use]
            #[allow(dead_code, reason = "not everyone needs it")]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #texts,)*
                    Self::#other(text) => text,
                }
            }
        }

        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&str> for #ident {
            fn from(text: &str) -> Self {
                match text {
                    #(#texts => Self::#variants,)*
                    text => Self::#other(::std::borrow::ToOwned::to_owned(text)),
                }
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<::std::string::String> for #ident {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #ident {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }

        #[automatically_derived]
        impl #serde::Serialize for #ident {
            fn serialize<__S: #serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[automatically_derived]
        impl<'de> #serde::Deserialize<'de> for #ident {
            fn deserialize<__D: #serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                #krate::__derive::read_select(deserializer, true)?
                    .ok_or_else(|| #serde::de::Error::custom("needs an option"))
            }
        }

        #[automatically_derived]
        impl #krate::value::Field for #ident {
            fn read<'de, __D: #serde::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<::core::option::Option<Self>, __D::Error> {
                #krate::__derive::read_select(deserializer, #empty)
            }

            fn write<__S: #serde::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[automatically_derived]
        impl #krate::value::IntoField<#ident> for &str {
            fn into_field(self) -> #ident {
                #ident::from(self)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::{DeriveInput, parse_quote};

    use super::expand;

    #[test]
    fn mistakes_are_told() {
        let cases: [(DeriveInput, &str); 7] = [
            (
                parse_quote!(
                    struct A;
                ),
                "are an enum",
            ),
            (
                parse_quote!(
                    enum A {
                        B,
                    }
                ),
                "add the variant `Other(String)`",
            ),
            (
                parse_quote!(
                    enum A<T> {
                        B(T),
                        Other(String),
                    }
                ),
                "no type parameters",
            ),
            (
                parse_quote!(
                    enum A {
                        B(u8),
                        Other(String),
                    }
                ),
                "an option holds nothing",
            ),
            (
                parse_quote!(
                    enum A {
                        B,
                        #[select("B")]
                        C,
                        Other(String),
                    }
                ),
                "`B` stands for \"B\" already",
            ),
            (
                parse_quote!(
                    enum A {
                        #[select("B")]
                        #[select("C")]
                        B,
                        Other(String),
                    }
                ),
                "a second #[select",
            ),
            (
                parse_quote!(
                    #[select(name = "A")]
                    enum A {
                        B,
                        Other(String),
                    }
                ),
                "known here: crate",
            ),
        ];
        for (input, expected) in &cases {
            let told =
                expand(input).map_or_else(|error| error.to_string(), |_| "accepted".to_owned());
            assert!(told.contains(expected), "{told}\nnot: {expected}");
        }
    }

    #[test]
    fn what_is_written_is_rust() {
        let input: DeriveInput = parse_quote!(
            enum A {
                B,
                #[select("C d")]
                C,
                Other(String),
            }
        );
        let written = expand(&input).unwrap_or_else(syn::Error::into_compile_error);
        let file = syn::parse2::<syn::File>(written).unwrap_or_else(|error| panic!("{error}"));
        assert!(file.items.len() > 5);
    }
}

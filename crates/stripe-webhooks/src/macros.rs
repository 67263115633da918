//! What the objects of Stripe have in common.

/// A choice that Stripe may add to: what is not known is kept as text.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// Any other, as it was sent.
            Other(String),
        }

        impl $name {
            /// The text that Stripe uses.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl crate::json::Read for Option<$name> {
            fn read(json: &str) -> Self {
                crate::json::text(json).map(|text| $name::from(text.as_str()))
            }
        }
    };
}

/// A part of an object: the fields that are used, each absent when it is not as expected.
macro_rules! lenient {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty = $key:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)+
        }

        impl crate::json::Read for $name {
            fn read(json: &str) -> Self {
                let mut object = Self::default();
                // An object that breaks off keeps what came before; a list has no members.
                let _ = crate::json::members(json, |name, value| match name {
                    $($key => object.$field = crate::json::Read::read(value),)+
                    _ => {}
                });
                object
            }
        }

        impl crate::json::Read for Option<$name> {
            fn read(json: &str) -> Self {
                json.starts_with('{').then(|| crate::json::Read::read(json))
            }
        }
    };
}

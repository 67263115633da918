//! Behaviour of the components, the stylesheet and the words.
#![allow(clippy::unwrap_used, reason = "tests")]

mod assets;
mod components;
mod contrast;
mod pages;
mod words;

//! The command line: one door for every crate.

fn main() {}

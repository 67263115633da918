//! A whole ISP on a laptop.

fn main() {}

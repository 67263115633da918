//! Every check of the workspace.

fn main() {}

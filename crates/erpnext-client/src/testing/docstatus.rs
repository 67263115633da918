//! From draft to submitted to cancelled.

use super::failure::Failure;
use super::permission::Right;

/// What a save means for the document's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Save,
    Submit,
    AfterSubmit,
    Cancel,
}

impl Step {
    pub(super) fn of_new(docstatus: i64) -> Result<Self, Failure> {
        match docstatus {
            0 => Ok(Self::Save),
            1 => Ok(Self::Submit),
            other => Err(refused(0, other)),
        }
    }

    pub(super) fn between(before: i64, after: i64) -> Result<Self, Failure> {
        match (before, after) {
            (0, 0) => Ok(Self::Save),
            (0, 1) => Ok(Self::Submit),
            (1, 1) => Ok(Self::AfterSubmit),
            (1, 2) => Ok(Self::Cancel),
            (2, _) => Err(Failure::raised(
                417,
                "ValidationError",
                "Cannot edit cancelled document",
            )),
            (before, after) => Err(refused(before, after)),
        }
    }

    pub(super) fn right(self) -> Right {
        match self {
            Self::Save | Self::AfterSubmit => Right::Write,
            Self::Submit => Right::Submit,
            Self::Cancel => Right::Cancel,
        }
    }
}

fn refused(before: i64, after: i64) -> Failure {
    let (from, to) = (label(before), label(after));
    Failure::raised(
        417,
        "DocstatusTransitionError",
        format!("Cannot change docstatus from {before} ({from}) to {after} ({to})"),
    )
}

fn label(docstatus: i64) -> &'static str {
    match docstatus {
        0 => "Draft",
        1 => "Submitted",
        2 => "Cancelled",
        _ => "Unknown",
    }
}

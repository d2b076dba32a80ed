//! The compiled scan of logsleuth.
//!
//! `logsleuth/scan/reference.py` and the files beside it are the definition, in plain Python; what is here gives the
//! same Tally, entry by entry. Each file here has its counterpart there, and the tests hold both against each other.
#![forbid(unsafe_code)]

pub mod access;
pub mod beginnings;
pub mod bykey;
pub mod entries;
pub mod given;
pub mod head;
pub mod library;
pub mod lines;
pub mod literals;
pub mod machine;
pub mod records;
pub mod regex;
pub mod scan;
pub mod scopes;
pub mod stamp;
pub mod tally;
pub mod templates;
pub mod text;
pub mod walk;
pub mod zone;

#[cfg(feature = "python")]
mod python;

/// A map that a hostile log cannot slow down, and that is fast for small keys.
pub type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
pub type Set<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;

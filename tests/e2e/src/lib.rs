//! The end-to-end tests stand in `tests/`; this crate exports nothing.

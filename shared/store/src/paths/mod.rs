//! [`Store`](crate::Store) as the engine's ports, one file for each path. Each function hands on to its aggregate.

mod import;
mod poll;
mod reply;
mod send;

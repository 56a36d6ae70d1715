//! Finds a loopback port for a server that is about to start.
//! A port that was asked for is never exchanged for another in silence.

use std::net::{Ipv4Addr, TcpListener};

use super::LocalError;

/// A port for a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// This one or none.
    Exactly(u16),
    /// This one if it is free, else any.
    Rather(u16),
    /// Any.
    Any,
}

impl Wanted {
    /// A port on which nobody listens now.
    ///
    /// # Errors
    /// [`LocalError::PortTaken`] when no other will do.
    pub fn find(self) -> Result<u16, LocalError> {
        match self {
            Self::Exactly(port) => bind(port).ok_or(LocalError::PortTaken(port)),
            Self::Rather(port) => bind(port).map_or_else(|| Self::Any.find(), Ok),
            Self::Any => bind(0).ok_or(LocalError::PortTaken(0)),
        }
    }
}

fn bind(port: u16) -> Option<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
    listener.local_addr().ok().map(|address| address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_refused_or_replaced_as_asked() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = held.local_addr().unwrap().port();
        assert!(matches!(Wanted::Exactly(port).find(), Err(LocalError::PortTaken(p)) if p == port));
        assert_ne!(Wanted::Rather(port).find().unwrap(), port);
    }
}

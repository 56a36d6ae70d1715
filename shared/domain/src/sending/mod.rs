//! Campaigns, sequences, journeys, limits and the gate: what may be sent to a lead, by which resource and when.

pub mod campaign;
pub mod consent;
pub mod gate;
pub mod journey;
pub mod lead;
pub mod limits;
pub mod model;
pub mod pool;
pub mod price;
pub mod reason;
pub mod register;
pub mod resource;
pub mod sequence;
pub mod suppression;
pub mod switch;
pub mod tenant;
pub mod touch;

pub use reason::Reason;

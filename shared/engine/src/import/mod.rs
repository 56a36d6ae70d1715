//! From rows of a list to leads (HUB-3, HUB-4): each row creates a lead, merges into one, or is rejected.
//!
//! Works through rows in batches. A batch that is done again, because the function died before its checkpoint was
//! written, comes to the same leads and the same counts: a lead's id is derived from its address, and it remembers the
//! row that made it. Reads no file and decides no row; the domain does.

pub mod run;
mod source;
mod work;
mod write;

use std::{collections::HashMap, future::Future};

use serde::{Deserialize, Serialize};
use touchline_domain::{
    contact::Address,
    ids::{LeadId, TenantId},
    sending::lead::Lead,
};

use crate::ports::PortError;

/// Rows that are worked through at once. Enough that the calls of a batch fill every connection several times over, and
/// the wait for the last of them is shared by many rows; some two megabytes in memory, three batches at a time.
pub const BATCH_ROWS: usize = 1_000;

/// What is known of some addresses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// The lead at each of the addresses that has one.
    pub leads: HashMap<Address, LeadId>,
    /// The profiles of these leads.
    pub profiles: HashMap<LeadId, Lead>,
}

/// Where leads are written.
pub trait LeadWriter: Sync {
    /// The leads that the tenant has at these addresses.
    fn known(
        &self,
        tenant: &TenantId,
        addresses: &[Address],
    ) -> impl Future<Output = Result<Known, PortError>> + Send;

    /// Writes profiles, and all by which they are found. No lead comes twice. The same again changes nothing.
    fn put_profiles(&self, leads: &[&Lead]) -> impl Future<Output = Result<(), PortError>> + Send;
}

/// What a batch came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows read.
    pub rows: u64,
    /// Leads created.
    pub created: u64,
    /// Rows merged into a lead.
    pub merged: u64,
    /// Rows rejected.
    pub rejected: u64,
}

impl std::ops::AddAssign<&Self> for Counts {
    fn add_assign(&mut self, other: &Self) {
        self.rows += other.rows;
        self.created += other.created;
        self.merged += other.merged;
        self.rejected += other.rejected;
    }
}
